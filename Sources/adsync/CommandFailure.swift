import ArgumentParser
import Documents
import ServiceStore
import SyncConfiguration
import SyncEngine

/// An error that ends a command with a status of its own.
struct CommandFailure: Error, CustomStringConvertible {
    let status: Int32
    let description: String

    init(_ status: Int32, _ description: String) {
        self.status = status
        self.description = description
    }
}

/// Runs a command that writes its answer itself; what fails ends it with the status that tells why.
enum Failing {
    static func with(_ verb: String, schema: String, format: EvaluationReport.Format, _ body: () throws -> Void) throws
    {
        do {
            try body()
        } catch {
            writeLine("adsync \(verb): \(error)", to: 2)
            if format == .json {
                let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
                writeLine(JSONValue.object(["schema": .string(schema), "error": .string(line)]).line, to: 1)
            }
            throw ExitCode(status(error))
        }
    }

    private static func status(_ error: any Error) -> Int32 {
        switch error {
        case let failure as CommandFailure: failure.status
        case let error as ServiceError: error.exitStatus
        case let error as ExportError:
            switch error.kind {
            case .noSuchInput: 66
            case .badInput: 65
            case .notPermitted: 77
            }
        case is LDIFError, is DocumentError, is EngineError: 65
        case is EvaluationInputError: 64
        case PreviewError.noObject: 66
        case PreviewError.severalObjects: 64
        default: 1
        }
    }
}
