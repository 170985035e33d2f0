enum SyncEngine {}
