import Foundation
import TestSupport
import Testing

@Suite("The contract service")
struct ContractServiceTests {
    @Test("starts, runs cycles and stops")
    func cycles() throws {
        try withContractServer { server in
            try server.awaitCycles(2)
            #expect(try server.cloudLines().isEmpty == false)
            try server.stop()
        }
    }
}
