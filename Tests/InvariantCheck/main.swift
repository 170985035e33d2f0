// invariant-check record|judge ROOT CLOUDLOG PUBLISHED RECORD [EXITSTATUS]: records a server before its attempts, and judges
// it afterwards against that record and the exit status of the last run. PUBLISHED has the releases' published lists.
import Foundation
import InvariantChecker

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 5, ["record", "judge"].contains(words[0]) else {
    print("usage: invariant-check record|judge ROOT CLOUDLOG PUBLISHED RECORD [EXITSTATUS]")
    exit(64)
}
let published = URL(filePath: words[3])
let lists = try FileManager.default.contentsOfDirectory(atPath: published.path).filter {
    $0.hasPrefix("adsync-") && $0.hasSuffix(".release.json")
}
let checker = InvariantChecker(
    root: URL(filePath: words[1]), cloudLog: URL(filePath: words[2]),
    published: Dictionary(
        uniqueKeysWithValues: lists.map {
            (String($0.dropFirst("adsync-".count).dropLast(".release.json".count)), published.appending(path: $0))
        }))
let file = URL(filePath: words[4])
if words[0] == "record" {
    try JSONEncoder().encode(try checker.record()).write(to: file)
    exit(0)
}
let before = try JSONDecoder().decode(ServerRecord.self, from: Data(contentsOf: file))
let status = words.count > 5 ? Int(words[5]) : nil
let violations = checker.violations(
    since: before, run: status.map { InvariantChecker.Run(exitStatus: $0) }, isObserving: false)
for violation in violations { print(violation) }
exit(violations.isEmpty ? 0 : 1)
