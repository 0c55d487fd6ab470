import Testing
@testable import CmdMox
@Test func y() { #expect(!x.isEmpty) }
