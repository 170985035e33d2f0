import Documents
import Foundation
import LinuxHost
import TestSupport
import Testing

struct DurableLogTests {
    private func text(_ path: String) throws -> String {
        String(decoding: try #require(try DurableFiles.read(path)), as: UTF8.self)
    }

    @Test("Lines are added at the end, by every opener")
    func append() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/log"
            for number in 1...3 { try DurableLog(path: path).append(Array("line \(number)".utf8)) }
            #expect(try text(path) == "line 1\nline 2\nline 3\n")
        }
    }

    @Test("A torn last line is closed, so that the next one stands alone")
    func torn() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/log"
            try DurableFiles.replace(path, Array("whole\nto".utf8))
            try DurableLog(path: path).append(Array("next".utf8))
            #expect(try text(path) == "whole\nto\nnext\n")
        }
    }

    @Test("Opening an empty log adds nothing, and a link is not followed")
    func empty() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/log"
            _ = try DurableLog(path: path)
            _ = try DurableLog(path: path)
            #expect(try text(path) == "")
            try DurableFiles.replaceLink("\(folder.path)/link", target: "log")
            #expect(throws: HostError.self) { _ = try DurableLog(path: "\(folder.path)/link") }
        }
    }
}

struct FileLockTests {
    @Test("One holder at a time; the lock is free when its holder goes")
    func exclusive() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/lock"
            #expect(try !FileLock.isHeld(path))
            if let lock = try FileLock(trying: path) {
                #expect(try FileLock.isHeld(path))
                let second = try FileLock(trying: path)
                let isRefused = second == nil
                #expect(isRefused)
                _ = consume lock
            } else {
                Issue.record("a free lock was refused")
            }
            #expect(try !FileLock.isHeld(path))
            let again = try FileLock(trying: path) != nil
            #expect(again)
            #expect(DurableFiles.exists(path))
        }
    }

    @Test("Looking whether a lock is held neither makes nor takes it")
    func looking() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/lock"
            let isHeld = try FileLock.isHeld(path)
            #expect(!isHeld)
            #expect(!DurableFiles.exists(path))
        }
    }

    @Test("The holder's record replaces the one before, and outlives the holder")
    func record() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/lock"
            for text in ["the first, longer record", "second"] {
                if let lock = try FileLock(trying: path) { try lock.record(Array(text.utf8)) }
            }
            #expect(try DurableFiles.read(path) == Array("second".utf8))
        }
    }

    @Test("A program that is started meanwhile does not hold its starter's lock")
    func notInherited() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder.path)/lock"
            let clock = SystemClock()
            var child: ProcessIdentity?
            if let lock = try FileLock(trying: path) {
                child = try ChildProcess.startDetached(shell("exec sleep 60"), log: "\(folder.path)/out")
                _ = consume lock
            }
            let started = try #require(child)
            #expect(started.isRunning)
            #expect(try !FileLock.isHeld(path))
            #expect(try ChildProcess.stop(started, graceSeconds: 10, clock: clock))
        }
    }
}
