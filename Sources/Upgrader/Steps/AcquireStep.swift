import Documents
import ReleaseContract

extension AttemptContext {
    /// Fetches, verifies and unpacks the new release beside the running one. What is there already and verifies is kept.
    func acquire() throws {
        let acquisition = ReleaseAcquisition(
            layout: layout, manifest: manifest, document: manifestBytes, chunks: chunks,
            supply: source.map { .repository($0, path: plan.archivePath) } ?? .none, unpacker: unpacker,
            narrator: narrator)
        let wanted = plan.freeDiskNeeded + configuration.freeDiskReserve
        switch try acquisition.acquire(owner: id, wantedBytes: wanted) {
        case .wasThere: findings["staged"] = "the release was there already and verifies"
        case .fetched(let bytes): findings["archiveBytes"] = JSONValue(bytes)
        }
    }
}
