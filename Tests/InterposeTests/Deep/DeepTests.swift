import Foundation
import Glibc
import Testing

@Suite("Recorded with --deep: programs that no library can be put into, and what they run", .deep)
struct DeepTests {
  /// What `static_family` starts, under its own name.
  private static let family = [
    "static_family leaf 1 | exited 1, opaque: static",
    "static_family leaf 2 | exited 2, opaque: static",
    "static_family leaf 3 | exited 3, opaque: static",
    "static_family again 4 | replaced, opaque: static",
    "static_family leaf 5 | exited 5, opaque: static",
    "show alone exit=6 | exited 6, opaque: environment", "show killed kill=9 | signaled 9",
    "static_family leaf 8 | exited 8, opaque: static",
    "static_family leaf 9 | exited 9, opaque: static",
    "static_family leaf 10 | exited 10, opaque: static",
  ]

  private func expectFamily(_ program: TracedProgram, below parent: String, beside: [String]) throws
  {
    for outcome in try program.expectTransparent(in: [.deep]) {
      let fixture = try #require(outcome.fixture)
      var expected = Self.family.map { "\($0) | < \(parent)" } + beside
      expected.append("static_family leaf 4 | exited 4, opaque: static | < static_family")
      if outcome.outputText.contains("i386: exited 7") {
        expected.append("static_family leaf 7 | exited 7, opaque: static | < \(parent)")
      }
      fixture.expectLines(expected)
      let sources = fixture.recordings.filter { $0.process.termination == "exited" }
        .map(\.process.statusSource)
      #expect(sources.allSatisfy { $0 == "pidfd" || $0 == "wait" }, "\(sources)")
    }
  }

  @Test("Every child of a static program is recorded once, with its status and its parent")
  func staticFamily() throws {
    let callers = try Callers.folder()
    let program = TracedProgram(shell: "\"$CALLERS/static_family\"; /bin/true; exit 3")
      .with(["CALLERS": callers])
    try expectFamily(
      program, below: "static_family",
      beside: ["static_family | exited 11, opaque: static | < -", "true | exited 0 | < -"])
  }

  @Test("and every one of a static root, which is none itself")
  func staticRoot() throws {
    try expectFamily(try TracedProgram(caller: "static_family"), below: "-", beside: [])
  }

  @Test("A script of a static shell", .requires("busybox"), .enabled(if: isBusyboxStatic))
  func busybox() throws {
    var program = TracedProgram("./script", "one")
    program.prepare = { sandbox in
      try sandbox.write(
        """
        #!/bin/busybox sh
        busybox sh -c 'exit 3'
        (busybox sh -c 'exit 4'; sh -c '/bin/true below; exit 5') | busybox cat
        busybox env -i /bin/busybox sh -c '/bin/true clean; exit 6'
        exec busybox sh -c 'exit 7'

        """, to: "script", mode: 0o755)
    }
    for outcome in try program.expectTransparent(in: [.deep]) {
      outcome.fixture?.expectLines(including: [
        "busybox sh -c 'exit 3' | exited 3, opaque: static | < -",
        "busybox sh -c 'exit 4' | exited 4, opaque: static | < -",
        "true below | exited 0 | < sh",
        "true clean | exited 0, opaque: environment | < busybox",
        "busybox sh -c 'exit 7' | exited 7, opaque: static | < -",
      ])
    }
  }

  @Test("A Go program, which starts processes by raw system calls", .requires("go"))
  func go() throws {
    var program = TracedProgram("./run", "exit 3")
    program.prepare = { sandbox in
      try sandbox.write(
        """
        package main

        import ("os"; "os/exec")

        func main() {
          if len(os.Args) > 2 { os.Exit(4) }
          exec.Command(os.Args[0], "again", "twice").Run()
          error, _ := exec.Command("sh", "-c", os.Args[1]).Run().(*exec.ExitError)
          os.Exit(error.ExitCode())
        }

        """, to: "run.go")
      let built = try Launch(
        arguments: ["go", "build", "-o", "run", "run.go"],
        environment: sandbox.environment.merging([
          "CGO_ENABLED": "0", "GO111MODULE": "off", "GOCACHE": sandbox.folder + "/cache",
        ]) { $1 }, directory: sandbox.work, limit: .seconds(300)
      ).run()
      try #require(built == .exited(0))
    }
    for outcome in try program.expectTransparent(in: [.deep]) {
      outcome.fixture?.expectLines([
        "run again twice | exited 4, opaque: static | < -", "sh -c 'exit 3' | exited 3 | < -",
      ])
    }
  }

  @Test("Processes of a new pid namespace, static ones too", .requiresNamespaces)
  func namespace() throws {
    let text =
      "unshare -pf --mount-proc \"$CALLERS/static_family\" again 3; unshare -pf sh -c "
      + "'sh -c \"exit 5\"; \"$CALLERS/show_static\" exit=6; exit 7'; exit 8"
    let program = TracedProgram(shell: text).with(["CALLERS": try Callers.folder()])
    for outcome in try program.expectTransparent(in: [.deep]) {
      outcome.fixture?.expectLines([
        "unshare -pf --mount-proc \(try Callers.folder())/static_family again 3 | exited 3 | < -",
        "static_family again 3 | replaced, opaque: static | < unshare",
        "static_family leaf 3 | exited 3, opaque: static | < static_family",
        "unshare -pf sh -c 'sh -c \"exit 5\"; \"$CALLERS/show_static\" exit=6; exit 7' | exited 7 | < -",
        "sh -c 'sh -c \"exit 5\"; \"$CALLERS/show_static\" exit=6; exit 7' | exited 7 | < unshare",
        "sh -c 'exit 5' | exited 5 | < sh", "show_static exit=6 | exited 6, opaque: static | < sh",
      ])
    }
  }

  @Test("Programs in another root and with other mounts", .requiresRoot)
  func otherRoot() throws {
    var program = TracedProgram(
      shell: "chroot . /inner/show_static exit=3; unshare -m sh -c 'mount --bind bound over "
        + "&& over/show_static exit=4'; exit 5")
    program.ignoredFiles = ["inner", "bound", "over"]
    program.prepare = { sandbox in
      for name in ["inner", "bound", "over"] {
        try FileManager.default.createDirectory(
          atPath: sandbox.work + "/" + name, withIntermediateDirectories: true)
      }
      for name in ["inner", "bound"] {
        try sandbox.copy(
          try Callers.path("show_static"), to: sandbox.work + "/\(name)/show_static")
      }
    }
    for outcome in try program.expectTransparent(in: [.deep]) {
      let fixture = try #require(outcome.fixture)
      fixture.expectLines(including: [
        "show_static exit=3 | exited 3, opaque: confined | < chroot",
        "show_static exit=4 | exited 4, opaque: static | < sh",
      ])
      let inner = fixture.recordings.first { $0.args == ["exit=3"] }
      #expect(inner?.process.executable == "/inner/show_static")
    }
  }

  @Test("What a confined program runs is seen from outside", arguments: ["exec", "spawn"])
  func confined(what: String) throws {
    let program = try TracedProgram(
      shell: "\"$CALLERS/confine\" prctl \(what); exit 3"
    ).with(["CALLERS": Callers.folder()])
    for outcome in try program.expectTransparent(in: [.deep]) {
      outcome.fixture?.expectLines(including: [
        "show 'after confinement' exit=7 | exited 7, opaque: confined | < confine"
      ])
      #expect(outcome.fixture?.metadata.session?.confined == 1)
    }
  }

  @Test("An inner session has its own recordings, the outer one all of them")
  func nested() throws {
    let program = TracedProgram(
      shell: "\"$TOOL\" trace -o ../inner.json --quiet -- sh -c '/bin/true inside; exit 3'; echo $?"
    ).with(["TOOL": BuiltParts.tool])
    let sandbox = try Sandbox()
    let outcome = try program.run(.deep, in: sandbox)
    #expect(outcome.outputText == "3\n")
    outcome.fixture?.expectLines([
      "cmdmox trace -o ../inner.json --quiet -- sh -c '/bin/true inside; exit 3' | exited 3 | < -",
      "sh -c '/bin/true inside; exit 3' | exited 3, opaque: session | < cmdmox",
      "true inside | exited 0, opaque: session | < sh",
    ])
    let data = try #require(FileManager.default.contents(atPath: sandbox.folder + "/inner.json"))
    try Fixture(json: data).expectLines(["true inside | exited 0 | < -"])
  }

  @Test("There is one --deep: a second one inside says why not, and runs nothing")
  func onlyOne() throws {
    let program = TracedProgram(
      shell: "\"$TOOL\" trace --deep -o ../inner.json -- touch ran; echo $?; ls"
    ).with(["TOOL": BuiltParts.tool])
    let outcome = try program.run(.deep)
    #expect(outcome.outputText == "69\n")
    #expect(outcome.errorsText.contains("a deep trace is not possible here: another supervisor"))
  }
}

private let isBusyboxStatic = Requirement.succeeds(
  "sh", "-c", "! readelf -l /bin/busybox | grep -q INTERP")

extension Trait where Self == ConditionTrait {
  /// The test needs a kernel that tells of the execs of others.
  static var deep: Self {
    .enabled("needs a kernel and a place where `cmdmox trace --deep` works") { isDeepPossible }
  }
}

private let isDeepPossible =
  (try? TracedProgram("true").run(.deep).ending) == .exited(0)
