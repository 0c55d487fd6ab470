import Glibc
import SystemPackage
import Testing

@testable import CmdMox

@Suite("Compilation databases") struct CompilationDatabaseTests {
  private func entries(_ recordings: RecordedInvocation...) -> [CompilationDatabase.Entry] {
    CompilationDatabase(Looked.view(recordings)).entries
  }

  private func compiler(
    _ line: String, sequence: Int = 0, parent: Int? = nil, cwd: String = "/src"
  ) -> RecordedInvocation {
    Looked.recording(sequence, parent: parent, line) {
      $0.cwd = cwd
      $0.executable = "/usr/bin/" + (line.split(separator: " ").first ?? "")
    }
  }

  @Test(
    "Compilers are known by their names",
    arguments: [
      ("gcc", true), ("cc", true), ("clang++-15", true), ("x86_64-linux-gnu-gcc-12", true),
      ("x86_64-w64-mingw32-g++-win32", true), ("arm-none-eabi-gcc", true), ("gcc12", true),
      ("c++", true), ("c99", true), ("gcc-ar", false), ("gcc-ar-12", false), ("cc1", false),
      ("cc1plus", false), ("clang-format", false), ("ccache", false), ("gccgo", false),
      ("as", false), ("", false), ("-", false), ("gcc-", false), ("clang-15", true),
    ])
  func names(name: String, isCompiler: Bool) {
    #expect(CompilerNames.isCompiler(name) == isCompiler)
  }

  @Test(
    "What a command compiles, and how",
    arguments: [
      ("-c a.c", ["-c a.c"]),
      ("-c a.c -o a.o", ["-c -o a.o a.c"]),
      ("-c -oa.o a.c", ["-c -o a.o a.c"]),
      ("a.c b.c -o prog", ["-c -o prog a.c", "-c -o prog b.c"]),
      ("-O2 -shared -L. -lm -Xlinker x a.c main.o lib.a", ["-c -O2 main.o lib.a a.c"]),
      ("-fsyntax-only a.c", ["-c -fsyntax-only a.c"]),
      ("-MD -MF a.d -MT t -c a.c", ["-c a.c"]), ("-MMD -MFdep -c a.c", ["-c a.c"]),
      ("-I inc -D X -include b.c -c a.c", ["-I inc -D X -include b.c -c a.c"]),
      ("-x c -c data -x none b.cc", ["-c -x c data", "-c b.cc"]),
      ("-c start.S", ["-c start.S"]), ("-S a.c", ["-S a.c"]), ("-c mod.cpp", ["-c mod.cpp"]),
      ("-E a.c", []), ("-M a.c", []), ("-MM a.c", []), ("-cc1 a.c", []), ("--version", []),
      ("-o prog a.o b.o", []), ("-x c -c -", []), ("-o", []), ("-x", []), ("-c .c", []),
    ])
  func arguments(line: String, compiled: [String]) {
    let run = CompilerRun(line.split(separator: " ").map(String.init))
    let found = run.compiles ? run.sources.map { run.arguments(compiler: "cc", $0) } : []
    #expect(found.map { $0.dropFirst().joined(separator: " ") } == compiled)
  }

  @Test("Paths are absolute, the compiler is the file that ran")
  func paths() {
    let entry = entries(compiler("gcc -c ../lib/./a.c -o a.o", cwd: "/src/build")).first
    #expect(
      entry
        == CompilationDatabase.Entry(
          directory: "/src/build", arguments: ["/usr/bin/gcc", "-c", "-o", "a.o", "../lib/./a.c"],
          file: "/src/lib/a.c", output: "/src/build/a.o"))
  }

  @Test("A wrapper is left out, and so is what a compiler runs inside")
  func wrappers() {
    let found = entries(
      compiler("ccache gcc -c a.c"), compiler("gcc -E a.c", sequence: 1, parent: 0),
      compiler("gcc -c a.c -o tmp.o", sequence: 2, parent: 0),
      compiler("clang -c b.c", sequence: 3), compiler("clang -cc1 b.c", sequence: 4, parent: 3),
      compiler("distcc CCACHE_DIR=/x no-such-g++ -c c.cc", sequence: 5),
      compiler("ccache --show-stats", sequence: 6), compiler("sccache gcc -c d.c", sequence: 7),
      compiler("ccache /opt/gcc -c e.c", sequence: 8),
      compiler("distcc ccache g++ -c f.cc", sequence: 9),
      compiler("ccache g++ -c f.cc", sequence: 10, parent: 9),
      compiler("g++ -c f.cc", sequence: 11, parent: 10))
    #expect(
      found.map { $0.arguments.joined(separator: " ") } == [
        "/usr/bin/gcc -c a.c", "/usr/bin/clang -c b.c", "no-such-g++ -c c.cc",
        "/usr/bin/gcc -c d.c",
        "/opt/gcc -c e.c", "/usr/bin/g++ -c f.cc",
      ])
  }

  @Test("A compiler that is the session's root compiles too, and by itself")
  func root() {
    func files(_ command: [String]) -> [[String]] {
      var fixture = Looked.view([compiler("gcc -c inner.c")], command: command).fixture
      fixture.metadata.session?.cwd = "/src"
      return CompilationDatabase(SessionView(fixture)).entries.map { [$0.file] + $0.arguments }
    }
    #expect(
      files(["/opt/gcc", "-c", "a.c", "b.c"])
        == [["/src/a.c", "/opt/gcc", "-c", "a.c"], ["/src/b.c", "/opt/gcc", "-c", "b.c"]])
    #expect(
      files(["ccache", "gcc", "-c", "a.c"]) == [["/src/a.c", "/usr/bin/gcc", "-c", "a.c"]])
    #expect(files(["make"]) == [["/src/inner.c", "/usr/bin/gcc", "-c", "inner.c"]])
  }

  @Test("Of a script that hands over to a compiler the compiler counts")
  func script() {
    var script = compiler("c99 -c a.c")
    script.process?.interpreter = "sh"
    let inner = compiler("gcc -std=c99 -c a.c", sequence: 1, parent: 0)
    #expect(entries(script, inner).map(\.arguments) == [["/usr/bin/gcc", "-std=c99", "-c", "a.c"]])
    #expect(entries(script).map(\.arguments) == [["/usr/bin/c99", "-c", "a.c"]])
  }

  @Test("The same source with the same output stands there once")
  func duplicates() {
    let found = entries(
      compiler("gcc -c a.c -o a.o"), compiler("gcc -O2 -c a.c -o a.o", sequence: 1),
      compiler("gcc -c a.c -o b.o", sequence: 2))
    #expect(found.map(\.output) == ["/src/a.o", "/src/b.o"])
  }

  @Test("A compiler that was not there compiled nothing")
  func absent() {
    var recording = compiler("gcc -c a.c")
    recording.process?.termination = .failed
    #expect(entries(recording).isEmpty)
  }

  @Test("Response files are read, also those that name others; what is no file stays")
  func responseFiles() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("outer", "-DX=1 '-DY=a b' @inner\n"), ("inner", "\"a b.c\" c\\ d.c @inner @gone"),
    ] {
      let stream = try #require(fopen(folder.path.appending(name).string, "w"))
      fputs(text, stream)
      fclose(stream)
    }
    #expect(mkfifo(folder.path.appending("pipe").string, 0o600) == 0)
    let expanded = ResponseFile.expanded(["-c", "@outer", "@pipe", "@"], in: folder.path.string)
    #expect(expanded.starts(with: ["-c", "-DX=1", "-DY=a b", "a b.c", "c d.c"]))
    #expect(expanded.suffix(4) == ["@gone", "@gone", "@pipe", "@"] || expanded.last == "@")
    #expect(expanded.contains("@pipe") && expanded.contains("@gone"))
  }

  @Test("Earlier entries are kept, but those that are compiled again")
  func append() throws {
    let folder = try TemporaryFolder()
    let file = folder.path.appending("compile_commands.json")
    var first = CompilationDatabase(
      Looked.view([compiler("gcc -c a.c"), compiler("gcc -c b.c", sequence: 1)]))
    try first.append(to: file)
    try ExportedFile.write(to: file) { try first.write(to: $0) }
    var second = CompilationDatabase(
      Looked.view([compiler("gcc -O3 -c b.c"), compiler("gcc -c d.c", sequence: 1)]))
    try second.append(to: file)
    #expect(second.count == 3)
    var written: [UInt8] = []
    try second.write { written += $0 }
    let text = String(decoding: written, as: UTF8.self)
    #expect(text.contains("a.c") && text.contains("-O3") && text.contains("d.c"))
    let stream = try #require(fopen(file.string, "w"))
    fputs("[1]", stream)
    fclose(stream)
    #expect(throws: FixtureError.self) { try second.append(to: file) }
  }
}
