import Testing

@Suite("Hazardous programs behave the same and are recorded")
struct HazardTests {
  @Test("Children that are killed as soon as they were spawned: 20 of 20, in both ways")
  func killedAtOnce() throws {
    let program = try TracedProgram(caller: "killed_at_once")
    for outcome in try program.expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      let sleeps = fixture.recordings.filter { $0.command == "sleep" }
      let expected = ["10", "20"].flatMap { way in
        (0..<20).map { way + ($0 < 10 ? "0\($0)" : "\($0)") }
      }
      #expect(sleeps.compactMap(\.args.first).sorted() == expected)
      for sleep in sleeps {
        #expect(sleep.process.termination == "signaled" && sleep.process.signal == 9)
      }
      #expect(fixture.recordings.count == 40)
    }
  }

  @Test("Eight threads that start processes in different ways at once: each its own status")
  func mixture() throws {
    for outcome in try TracedProgram(caller: "mixture").expectTransparent() {
      let lines = (0..<8).flatMap { thread in
        (1...4).map { round in
          let number = thread * 4 + round
          let words =
            thread % 5 < 3
            ? "show quiet mixture-\(number) exit=\(number)"
            : "sh -c ': mixture-\(number); exit \(number)'"
          return "\(words) | exited \(number) | < -"
        }
      }
      outcome.fixture?.withPlainShells().expectLines(lines)
    }
  }

  @Test("Paths that are no strings fail as ever")
  func badStrings() throws {
    let forms = Form.compared + [.recorded, .preloadedRecording]
    for outcome in try TracedProgram(caller: "bad_strings").expectTransparent(in: forms) {
      #expect(outcome.ending == .exited(0))
    }
  }

  @Test("Lowered limits: few descriptors, no file growth, little memory, a small stack")
  func limits() throws {
    var program = try TracedProgram(caller: "limits")
    // A child without a free descriptor, where not even ld.so can open libc: its announcement, and
    // the report that its parent reaped it.
    program.lost = 2
    for outcome in try program.expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "show quiet 'few descriptors' exit=3 | exited 3 | < -",
        "show quiet 'no file growth' exit=3 | exited 3 | < -",
        "show quiet 'little memory' exit=3 | exited 3 | < -",
        "show 'small main stack' exit=7 | exited 7 | < -",
        "show quiet 'started without file growth' exit=8 | exited 8 | < -",
      ])
    }
  }

  @Test("Threads with the smallest stack and handlers on a signal stack start processes")
  func smallStack() throws {
    for outcome in try TracedProgram(caller: "small_stack").expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "show quiet posix_spawnp exit=3 | exited 3 | < -",
        "show quiet execvp exit=3 | exited 3 | < -",
        "show quiet 'on a signal stack' exit=3 | exited 3 | < -",
        "show quiet 'posix_spawnp, large' exit=3 | exited 3 | < -",
      ])
    }
  }

  @Test("Threads that are cancelled in waitpid and system, and not elsewhere")
  func cancel() throws {
    try TracedProgram(caller: "cancel").expectTransparent()
  }

  @Test("A process that adopts orphans finds only its own")
  func subreaper() throws {
    try TracedProgram(caller: "subreaper").expectTransparent()
  }

  @Test("A program that closes descriptors", arguments: ["all", "standard", "every"])
  func descriptors(which: String) throws {
    for outcome in try TracedProgram(caller: "descriptors", which).expectTransparent() {
      outcome.fixture?.expectLines(including: [
        "show quiet '\(which) spawned' exit=3 | exited 3 | < -",
        "show quiet '\(which) forked' exit=4 | exited 4 | < -",
      ])
    }
  }

  @Test("A closed stdout stays closed for a thread that writes while others spawn")
  func descriptorsOfThreads() throws {
    let program = try TracedProgram(caller: "descriptors", "threads")
    #expect(try program.run(.bare).ending == .exited(5))
    try program.expectTransparent()
  }

  @Test("An environment of 2 MB")
  func largeEnvironment() throws {
    for outcome in try TracedProgram(caller: "large", "environment").expectTransparent() {
      outcome.fixture?.expectLines(including: ["show env=all | exited 0 | < -"])
    }
  }

  @Test("The largest arguments that run bare run traced, and one byte more fails alike")
  func exactLimit() throws {
    try TracedProgram(caller: "large", "limit").expectTransparent()
    for outcome in try TracedProgram(caller: "large", "exact").expectTransparent() {
      guard let fixture = outcome.fixture else { continue }
      // It ran without our variables: only the hook that announced it knew of it.
      let last = fixture.recordings.suffix(2).map(Fixture.outcome)
      #expect(last == ["exited 0, opaque: unknown", "failed E2BIG"], "\(fixture.lines.suffix(2))")
    }
  }

  @Test("A program that said 0 and died of its closed output left with a signal")
  func closedOutput() throws {
    var program = try TracedProgram(caller: "call_leave", "return", "0")
    program.wrapper = [try Callers.path("with_closed_output")]
    let bare = try program.run(.bare)
    #expect(bare.ending == .exited(141))
    let traced = try program.run(.traced)
    #expect(bare.differences(from: traced).isEmpty)
    #expect(traced.fixture?.metadata.session?.exitCode == 141)
    // The bare form's root waits for its fixture before libc writes out what stdio holds: the
    // fixture cannot know what that did to it. The status is its own all the same.
    let preloaded = try program.run(.preloaded)
    #expect(bare.differences(from: preloaded).isEmpty)
  }
}
