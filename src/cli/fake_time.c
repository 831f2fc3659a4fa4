/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Testing builds only: the libraries of this program take the time from here, as the service that it talks to takes its
 * own from the fake clock (base/clock.h). Without, a certificate that the service renewed on a clock that was moved on
 * would be refused as not yet valid.
 */
#include <time.h>

#include "base/clock.h"

__attribute__((visibility("default"))) time_t
time(time_t *ret)
{
	time_t now = (time_t)(clock_wall_ms() / MS_SECOND);

	if (ret)
		*ret = now;
	return now;
}
