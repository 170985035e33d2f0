import ServiceStore
import GRDB
import Foundation
print("stub", DatabaseQueue.self, NSString("a").pathExtension)
