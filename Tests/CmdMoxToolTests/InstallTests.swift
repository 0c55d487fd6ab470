import CmdMox
import SystemPackage
import Testing

/// `make install` of what `make build` lays out; the programs are those of the tests' own build.
@Suite("Installed") struct InstallTests {
  let workspace: Workspace

  private static let top = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  init() throws {
    workspace = try Workspace()
    let library = try #require(Workspace.library)
    let folder = Workspace.tool.removingLastComponent()
    let interpose = library.removingLastComponent()
    var copies: [(FilePath, String)] = [
      (Workspace.tool, "build/bin/cmdmox"), (library, "build/lib/libcmdmox.so"),
      (folder.appending("cmdmox-look"), "build/libexec/cmdmox/cmdmox-look"),
      (Self.top.appending("Makefile"), "./Makefile"), (Self.top.appending("docs/man"), "docs/man"),
      (Self.top.appending("scripts"), "./scripts"),
      (interpose.appending("cmdmox"), "build/lib/cmdmox"),
    ]
    for name in ["cmdmox-shim", "cmdmox-deep"] {
      copies.append((interpose.appending(name), "build/libexec/cmdmox/\(name)"))
    }
    for (from, to) in copies {
      try run("sh", "-c", "mkdir -p \"${2%/*}\" && cp -a \"$1\" \"$2\"", "copy", from.string, to)
    }
    try run("make", "-s", "completions")
  }

  @discardableResult
  private func run(
    _ words: String..., environment: [String: String?] = [:], in folder: FilePath = "."
  ) throws -> String {
    let result = try Command(
      bytes: words.map { Array($0.utf8) }, environment: environment,
      in: workspace.path.pushing(folder)
    ).run()
    try #require(result.status == 0, "\(words): \(result.outputText)\(result.errorText)")
    return result.outputText
  }

  private var files: [String] {
    get throws {
      try run("sh", "-c", "cd stage && find . ! -type d | LC_ALL=C sort")
        .split(separator: "\n").map(String.init)
    }
  }

  @Test("Everything goes below PREFIX in DESTDIR, works there, and goes again")
  func install() throws {
    try run("make", "-s", "install", "PREFIX=/opt/mox", "DESTDIR=\(workspace.path)/stage")
    let installed = try files
    #expect(installed.allSatisfy { $0.hasPrefix("./opt/mox/") }, "\(installed)")
    for file in [
      "bin/cmdmox", "lib/libcmdmox.so", "libexec/cmdmox/cmdmox-shim", "libexec/cmdmox/cmdmox-look",
      "libexec/cmdmox/cmdmox-deep",
      "share/bash-completion/completions/cmdmox", "share/zsh/site-functions/_cmdmox",
      "share/fish/vendor_completions.d/cmdmox.fish", "share/man/man1/cmdmox.1",
      "share/man/man1/cmdmox.show.1",
    ] { #expect(installed.contains("./opt/mox/" + file), "\(file)") }
    for library in ["lib", "lib64", "lib/x86_64-linux-gnu"] {
      try run("cmp", "lib/libcmdmox.so", "lib/cmdmox/\(library)/libcmdmox.so", in: "stage/opt/mox")
    }
    for library in ["lib32", "lib/i386-linux-gnu"] {
      try run(
        "cmp", "lib/cmdmox/nothing.so", "lib/cmdmox/\(library)/libcmdmox.so", in: "stage/opt/mox")
    }
    let tool = "stage/opt/mox/bin/cmdmox"
    try run(tool, "record", "-q", "--", "sh", "-c", "/bin/echo here", environment: ["TMPDIR": "."])
    #expect(try workspace.fixture().recordings.map(\.stdout) == ["here\n"])
    try run(tool, "report", "cmdmox.json", "-o", "report.html")
    try run("make", "-s", "uninstall", "PREFIX=/opt/mox", "DESTDIR=\(workspace.path)/stage")
    #expect(try files.isEmpty)
  }

  @Test("man shows the pages, without a warning")
  func manual() throws {
    try run("make", "-s", "install", "PREFIX=/opt/mox", "DESTDIR=\(workspace.path)/stage")
    let page = try Command(
      "man", "--warnings", "-M", "stage/opt/mox/share/man", "cmdmox.show",
      environment: ["MANPAGER": "cat", "MAN_KEEP_FORMATTING": nil], in: workspace.path
    ).run()
    #expect(page.status == 0 && page.errors.isEmpty, "\(page.errorText)")
    #expect(page.outputText.contains("--slowest count"), "\(page.outputText)")
  }

  @Test(
    "Each shell completes options, formats and files",
    arguments: [
      (
        "bash",
        """
        . build/share/bash-completion/completions/cmdmox
        try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
                COMPREPLY=(); _cmdmox cmdmox "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"; echo "${COMPREPLY[@]}"; }
        try cmdmox show --sl; try cmdmox export --format chr; try cmdmox show buil
        """
      ),
      (
        "fish",
        """
        source build/share/fish/vendor_completions.d/cmdmox.fish
        complete -C 'cmdmox show --sl'; complete -C 'cmdmox export --format chr'; complete -C 'cmdmox show buil'
        """
      ),
    ])
  func completions(shell: String, script: String) throws {
    let completed = try run(shell, "-c", script, environment: ["HOME": workspace.path.string])
    let words = completed.split { " \t\n".contains($0) }
    for word in ["--slowest", "chrome-trace"] {
      #expect(words.contains { $0 == word }, "\(completed)")
    }
    #expect(words.contains { $0 == "build" || $0 == "build/" }, "\(completed)")
  }

  @Test("zsh loads its completions as the command's")
  func zsh() throws {
    let script = """
      fpath=($PWD/build/share/zsh/site-functions $fpath)
      autoload -U compinit && compinit -u -d $PWD/dump && autoload +X _cmdmox && print $_comps[cmdmox]
      """
    #expect(try run("zsh", "-f", "-c", script) == "_cmdmox\n")
    let text = try run("cat", "build/share/zsh/site-functions/_cmdmox")
    #expect(text.contains("--slowest[") && text.contains("_files"))
  }
}
