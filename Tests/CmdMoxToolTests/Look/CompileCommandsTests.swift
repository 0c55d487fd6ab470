import CmdMox
import SystemPackage
import Testing

@Suite("cmdmox export --format compile-commands") struct CompileCommandsTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.cProject()
  }

  private func run(_ words: String...) throws {
    let result = try Command(
      bytes: words.map { Array($0.utf8) },
      environment: [
        "CCACHE_DIR": workspace.file("cache").string, "DISTCC_HOSTS": "localhost",
        "DISTCC_DIR": workspace.file("distcc").string,
      ], in: workspace.path
    ).run()
    try #require(result.status == 0, "\(words): \(result.errorText)")
  }

  /// Records the command and exports what it compiled to `ours.json`.
  private func export(_ options: String..., of words: String...) throws {
    let tool = [Workspace.tool.string, "trace", "-q", "--"] + words
    let traced = try Command(
      bytes: tool.map { Array($0.utf8) },
      environment: [
        "CCACHE_DIR": workspace.file("cache").string, "DISTCC_HOSTS": "localhost",
        "DISTCC_DIR": workspace.file("distcc").string, "TMPDIR": workspace.path.string,
        "XDG_RUNTIME_DIR": nil,
      ], in: workspace.path
    ).run()
    try #require(traced.status == 0, "\(traced.errorText)")
    let export = try workspace.cmdmox(
      arguments: ["export", "cmdmox.json", "-f", "compile-commands", "-o", "ours.json"] + options
    ).run()
    #expect(export.status == 0, "\(export.errorText)")
  }

  /// Both databases as sets, for Python.
  private static let read = """
    import json
    def read(name):
        return {(one["directory"], one["file"], one.get("output"), *one["arguments"])
                for one in json.load(open(name))}
    def same(count):
        bear, ours = read("bear.json"), read("ours.json")
        assert len(bear) == count, bear
        assert bear == ours, bear ^ ours

    """

  @Test("Of a project with folders it is the one of Bear")
  func project() throws {
    try run("bear", "--output", "bear.json", "--", "make")
    try run(
      "rm", "-f", "main.o", "lib/twice.o", "lib/thrice.o", "lib/start.o", "lib/libtwice.a",
      "tests/test")
    try export(of: "make")
    try workspace.python(Self.read + "same(6)")
  }

  @Test(
    "Of each kind of command it is the one of Bear",
    arguments: [
      ("gcc -c one.c two.c", 2), ("gcc one.c main.c lib/twice.c -o prog", 3),
      ("gcc -c main.c -o main.o && cc main.o lib/twice.c -o prog -lm -L. -Wl,-z,now", 2),
      ("gcc -shared -fPIC one.c -o lib1.so", 1), ("gcc -c lib/start.S -o start.o", 1),
      ("gcc -S one.c -o one.s && gcc -c one.s -o one.o", 2), ("gcc -fsyntax-only one.c", 1),
      ("gcc -E one.c >x; gcc -M one.c >x; gcc -MM -MF x one.c; gcc --version >x", 0),
      ("gcc -MD -MF x -MT y -c one.c -o one.o", 1), ("gcc -c -x c++ one.c -o one.o", 1),
      ("x86_64-linux-gnu-gcc -c one.c -o one.o", 1), ("clang -c one.c -o one.o", 1),
      ("c99 -c one.c -o one.o", 1), ("ccache gcc -c one.c -o one.o", 1),
      ("distcc gcc -c one.c -o one.o", 1), ("env -C lib gcc -c ../one.c -o one.o", 1),
      ("echo 'int x;' | gcc -x c -c - -o x.o", 0), ("sh -c 'exec gcc -c one.c -o one.o'", 1),
    ])
  func command(line: String, count: Int) throws {
    try workspace.write("all.sh", line + "\n")
    try run("bear", "--output", "bear.json", "--", "sh", "all.sh")
    // Else the compiler would not run again.
    try run("rm", "-rf", "cache")
    try export(of: "sh", "all.sh")
    try workspace.python(Self.read + "same(\(count))")
  }

  @Test("What stands in response files is in it, which Bear leaves out")
  func responseFiles() throws {
    try workspace.write("outer.rsp", "-DX=1 '-DY=a b' @inner.rsp\n")
    try workspace.write("inner.rsp", "one.c \"two.c\"\n")
    try export(of: "gcc", "-c", "@outer.rsp")
    try workspace.python(
      Self.read + """
        options = ("-c", "-DX=1", "-DY=a b")
        assert [one[4:] for one in sorted(read("ours.json"))] == [
            (*options, "one.c"), (*options, "two.c")], read("ours.json")
        """)
  }

  @Test("--append keeps what is there, --existing drops what is not")
  func options() throws {
    try export(of: "sh", "-c", "gcc -c one.c -o one.o; gcc -c two.c -o two.o; gcc -c no.c || :")
    try workspace.python(Self.read + "assert len(read('ours.json')) == 3")
    try export("--append", of: "sh", "-c", "gcc -O3 -c one.c -o one.o; gcc -c main.c -o main.o")
    try workspace.python(
      Self.read + """
        ours = json.load(open("ours.json"))
        assert [one["arguments"][-1] for one in ours] == ["two.c", "no.c", "one.c", "main.c"], ours
        assert "-O3" in ours[2]["arguments"]
        """)
    try export("--existing", of: "sh", "-c", "gcc -c one.c -o one.o; gcc -c no.c || :")
    try workspace.python(Self.read + "assert len(read('ours.json')) == 1")
  }
}
