import Foundation
import Testing

@Suite("What is recorded is what a tee in the same place has seen")
struct TeeTests {
  @Test("Of pipes and of files", arguments: [0, 1, 4_095, 65_536, 1 << 20 + 7])
  func same(size: Int) throws {
    let sandbox = try Sandbox()
    var generator = SystemRandomNumberGenerator()
    let data = Data((0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
    try data.write(to: URL(filePath: sandbox.folder + "/data"))
    let program = TracedProgram(
      shell: """
        head -c \(size) ../data | tee a | tr a-m n-z | tee b | sort -z > c
        sh -c 'cat ../data >&2; cat b' 2>&1 >d | tee e | cksum
        sh -c 'cat >&2' < b 2>> c
        """)
    let outcome = try program.run(.recorded, in: sandbox)
    let recordings = try #require(outcome.fixture).recordings
    func recording(_ command: String, _ place: Int = 0) throws -> Recording {
      try #require(recordings.filter { $0.command == command }[place...].first)
    }
    func file(_ name: String) throws -> Data {
      try Data(contentsOf: URL(filePath: sandbox.work + "/" + name))
    }
    let (a, b, c) = (try file("a"), try file("b"), try file("c"))
    #expect(a == data && b.count == size && c.count >= 2 * size)
    #expect(try recording("head").stdoutBytes == a)
    // Either may have begun first.
    let tee = try #require(recordings.first { $0.args == ["a"] })
    #expect(tee.stdinBytes == a && tee.stdoutBytes == a)
    #expect(try recording("tr").stdinBytes == a && recording("tr").stdoutBytes == b)
    #expect(try recording("sort").stdinBytes == b)
    #expect(try recording("sort").stdoutBytes == c.dropLast(size))
    #expect(try recording("sh").stderrBytes == file("e") && file("e") == data)
    #expect(try recording("sh").stdoutBytes == file("d") && file("d") == b)
    #expect(try recording("cksum").stdinBytes == data)
    #expect(try recording("sh", 1).stdinBytes == b && recording("sh", 1).stderrBytes == b)
  }
}
