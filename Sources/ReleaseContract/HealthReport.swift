import Documents

/// One check of a health report or a self-test.
public struct CheckOutcome: Equatable, Sendable {
    public enum Status: String, Sendable { case ok, warning, failed }

    public var name: String
    public var status: Status
    public var detail: String

    public init(name: String, status: Status, detail: String) {
        self.name = name
        self.status = status
        self.detail = detail
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        name = try fields.string("name")
        status = try fields.parsed("status", "ok, warning or failed", { Status(rawValue: $0) })
        detail = try fields.optionalString("detail") ?? ""
    }

    public var json: JSONValue {
        ["name": .string(name), "status": .string(status.rawValue), "detail": .string(detail)]
    }
}

/// The answer of `health`.
public struct HealthReport: Document, Equatable {
    public static let schemaName = "health"

    public var healthy: Bool
    public var checks: [CheckOutcome]
    /// Counts that should not grow through an upgrade, such as `exportErrors`.
    public var measures: [String: Int]
    public var unknown: [String: JSONValue] = [:]

    public init(healthy: Bool, checks: [CheckOutcome], measures: [String: Int]) {
        self.healthy = healthy
        self.checks = checks
        self.measures = measures
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        healthy = try fields.bool("healthy")
        checks = []
        for var entry in try fields.objects("checks") { checks.append(try CheckOutcome(fields: &entry)) }
        measures = [:]
        let values = try fields.value("measures")
        var reader = try FieldReader(values, file: fields.file, path: "measures")
        for name in (values.object ?? [:]).keys { measures[name] = try reader.integer(name) }
    }

    public var members: [String: JSONValue] {
        [
            "healthy": .bool(healthy), "checks": .array(checks.map(\.json)),
            "measures": .object(measures.mapValues { JSONValue($0) }),
        ]
    }

    /// What is worse than in the base line: checks that failed only now, errors that grew, and a service that calls itself
    /// unhealthy without saying why.
    public func deterioration(since base: HealthReport) -> [String] {
        let failedBefore = Set(base.checks.filter { $0.status == .failed }.map(\.name))
        let newlyFailed = checks.filter { $0.status == .failed && !failedBefore.contains($0.name) }
            .map { "\($0.name): \($0.detail)" }
        let grown = measures.filter { $0.key.hasSuffix("Errors") && $0.value > base.measures[$0.key, default: 0] }
            .sorted { $0.key < $1.key }
            .map { "\($0.key) rose from \(base.measures[$0.key, default: 0]) to \($0.value)" }
        let worse = newlyFailed + grown
        if worse.isEmpty, base.healthy, !healthy { return ["the service says that it is not healthy"] }
        return worse
    }
}

/// The answer of `self-test`.
public struct SelfTestReport: Document, Equatable {
    public static let schemaName = "self-test"

    public var passed: Bool
    public var checks: [CheckOutcome]
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        passed = try fields.bool("passed")
        checks = []
        for var entry in try fields.objects("checks") { checks.append(try CheckOutcome(fields: &entry)) }
    }

    public var members: [String: JSONValue] { ["passed": .bool(passed), "checks": .array(checks.map(\.json))] }
}
