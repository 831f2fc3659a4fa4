/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SQLite VFS whose power can fail and whose disk can be sick. It knows for each file what is durable (written before
 * its last sync) and what was written since; after a cut the files are put back to what a disk could hold then.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VFS_POWER "power"

enum vfs_power_op { VFS_WAL_WRITE, VFS_WAL_SYNC };
enum vfs_power_left { VFS_LEFT_NONE, VFS_LEFT_SOME, VFS_LEFT_ALL };

/* Before the first db_open(). */
void vfs_power_register(void);
/* At the n-th write, sync or truncation from now (1: the next) the power fails: that one and all later ones fail. */
void vfs_power_cut(long n);
bool vfs_power_is_cut(void);
/*
 * Once everything is closed: writes the files anew as the disk holds them. Of what was not synced stays nothing, a random
 * choice of writes, some torn (of seed), or all (as when the process is killed, not the machine). Power is back then.
 */
void vfs_power_settle(enum vfs_power_left left, uint64_t seed);
/* The i-th such operation from now fails with SQLite's code rc where bit i of mask is set; ~0: all do, until mask 0. */
void vfs_power_fault(enum vfs_power_op op, int rc, uint64_t mask);
