/* SPDX-License-Identifier: Apache-2.0 */
/* What people attach: what is taken as a picture is one to its last byte, and no part of it is. */
#include "model/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob file = {data, size};
	enum media m, again;
	ERR(e);

	if (media_sniff(file, &m, &e) < 0) {
		BUG_ON(e.code != E_ATTACHMENT_TYPE && e.code != E_ATTACHMENT_BROKEN);
		return 0;
	}
	BUG_ON(m >= MEDIA_KINDS);
	if (!(MEDIA_PICTURE >> m & 1))
		return 0;
	file.n--;
	BUG_ON(media_sniff(file, &again, &e) == 0);
	return 0;
}
