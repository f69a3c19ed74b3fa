// Crash points inside SQLite, which has none of ours: a shim over its file system passes one at each write and each
// sync of the store's file, which only a checkpoint makes, and at each sync of the journal.
//
// Operation: every connection opened after `pass_disk_points` goes through it. disk.checkpoint_write,
// disk.checkpoint_sync, disk.journal_sync.
#pragma once

namespace pleiade::faults {

void pass_disk_points();

}  // namespace pleiade::faults
