import Documents
import LinuxHost
import TUF

/// What the errors of the layers below mean for somebody who wanted a repository.
enum RepositoryFailure {
    static func transferError(_ error: DocumentError, at address: TransferAddress) -> TransferError {
        TransferError(
            .badDocument, address: address.description,
            error.place.isEmpty ? error.problem : "\(error.place): \(error.problem)")
    }

    static func transferError(
        _ error: TUFError, at location: TransferAddress, root: PinnedRoot
    ) -> TransferError {
        let address = location.appending("\(RepositoryClient.metadataFolder)/\(error.file)").description
        switch error.kind {
        case .fetch:
            if let cause = error.cause as? TransferError { return cause }
            return TransferError(.incomplete, address: address, error.problem)
        case .store:
            if let cause = error.cause as? HostError {
                return TransferError(.file(cause), address: location.description, cause.description)
            }
            return TransferError(.notTrusted, address: root.path, "\(error.problem); \(error.advice)")
        case .missing where error.role == .timestamp:
            return TransferError(
                .notFound, address: address, "there is no signed repository there: its metadata is missing")
        case .missing: return TransferError(.notFound, address: address, error.problem)
        case .expired: return TransferError(.stale, address: address, "\(error.problem); \(error.advice)")
        case .unknownTarget: return TransferError(.badDocument, address: address, error.problem)
        case .signature, .rollback, .mixAndMatch, .tooLarge, .form, .tooManyDelegations, .content:
            return TransferError(.notTrusted, address: address, "\(error.problem); \(error.advice)")
        }
    }
}
