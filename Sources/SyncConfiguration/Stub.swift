enum SyncConfiguration {}
