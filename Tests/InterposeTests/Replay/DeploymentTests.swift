import Foundation
import Testing

/// A deployment that uses commands which are there when it is recorded and nowhere when it is
/// replayed.
struct Deployment: CustomTestStringConvertible {
  var name: String
  var program: [String]
  var file: (name: String, text: String)

  var testDescription: String { name }

  private static let shellText = """
    set -eu
    rev=$(git rev-parse HEAD); echo "deploying $rev"
    curl -fsS https://example.invalid/config | while read key value; do echo "$key is $value"; done
    docker build -q -t "app:$rev" . > image
    docker run --rm -i app < image | tr a-z A-Z
    if kubectl get deployment app; then echo there; else echo "status $?"; fi
    printf 'kind: %s\\n' Deployment Service | kubectl apply -f - 2>&1
    /opt/cmdmox-absent/bin/notify --channel ops "deployed $rev" || echo "not notified: $?"

    """

  static let all: [Deployment] = [
    Deployment(name: "dash", program: ["dash", "deploy"], file: ("deploy", shellText)),
    Deployment(name: "bash", program: ["bash", "deploy"], file: ("deploy", shellText)),
    Deployment(
      name: "make", program: ["make", "-s", "-f", "deploy"],
      file: (
        "deploy",
        """
        all: config image
        \tkubectl apply -f - < config 2>&1
        \t@kubectl get deployment app || echo "status $$?"
        config: ; curl -fsS https://example.invalid/config > $@
        image: ; docker build -q -t app . > $@
        \t-git rev-parse HEAD

        """
      )),
    Deployment(
      name: "python3", program: ["python3", "deploy"],
      file: (
        "deploy",
        """
        import os, subprocess as s
        print(s.check_output(["git", "rev-parse", "HEAD"]))
        print(s.run(["curl", "-fsS", "https://example.invalid/config"], stdout=s.PIPE).stdout)
        print(s.run(["kubectl", "apply", "-f", "-"], input=b"kind: X\\n", stdout=s.PIPE,
                    stderr=s.STDOUT).stdout)
        print(s.run(["kubectl", "get", "deployment", "app"]).returncode)
        print(os.system("docker build -q -t app .") >> 8)
        print(os.popen("docker run --rm app </dev/null").read())
        p = s.Popen(["/opt/cmdmox-absent/bin/notify", "--channel", "ops"], stderr=s.PIPE)
        print(p.communicate()[1], p.returncode)

        """
      )),
  ]

  /// What the commands answered when they were there.
  static let standIns = [
    "git": "echo 3f2a9c1",
    "curl": #"printf 'region eu-1\nsize small\n'"#,
    "docker": #"case $1 in build) echo sha256:0123;; run) cat; echo "ran $#" >&2;; esac"#,
    "kubectl":
      #"case $1 in get) echo 'no such deployment' >&2; exit 1;; apply) cat; echo applied; echo warned >&2;; esac"#,
    "notify": #"echo "cannot reach $2" >&2; exit 7"#,
  ]
}

@Suite("A deployment replays without its commands", .serialized)
struct DeploymentTests {
  /// Records a deployment with its commands in a folder of PATH, one of them at an absolute path.
  private func record(_ deployment: Deployment, in sandbox: Sandbox) throws -> Outcome {
    let (name, text) = deployment.file
    try sandbox.write(
      text.replacingOccurrences(of: "/opt/cmdmox-absent/bin", with: sandbox.home + "/opt"), to: name
    )
    try FileManager.default.createDirectory(
      atPath: sandbox.home + "/bin", withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: sandbox.home + "/opt", withIntermediateDirectories: false)
    for (command, body) in Deployment.standIns {
      try sandbox.write("#!/bin/sh\n\(body)\n", to: "draft-" + command, mode: 0o755)
      let folder = command == "notify" ? "/opt/" : "/bin/"
      try FileManager.default.moveItem(
        atPath: sandbox.work + "/draft-" + command, toPath: sandbox.home + folder + command)
    }
    var program = TracedProgram(deployment.program[0])
    program.arguments = deployment.program
    program.environment["PATH"] = sandbox.home + "/bin:" + Sandbox.searchPath
    return try program.run(.recorded, in: sandbox)
  }

  /// A folder for PATH with the programs that run deployments, and nothing else.
  private func interpreters(in sandbox: Sandbox) throws -> String {
    let folder = sandbox.home + "/interpreters"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false)
    for name in ["sh", "bash", "dash", "make", "python3", "xargs", "sort", "seq"] {
      let found = Sandbox.searchPath.split(separator: ":").map { "\($0)/\(name)" }
        .first { FileManager.default.fileExists(atPath: $0) }
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: try #require(found))
    }
    return folder
  }

  /// Runs a deployment where there is no network and nothing but interpreters in PATH.
  ///
  /// - Parameter words: what runs it.
  private func run(
    _ deployment: Deployment, by words: [String], path: String, in sandbox: Sandbox
  ) throws -> Outcome {
    var launch = try TracedProgram("true").launch(.bare, in: sandbox)
    launch.arguments =
      Requirement.withoutNetwork + ["/usr/bin/env", "PATH=" + path] + words + deployment.program
    launch.output = sandbox.folder + "/stdout2"
    launch.errors = sandbox.folder + "/stderr2"
    let ending = try launch.run()
    return Outcome(
      ending: ending,
      output: [UInt8](FileManager.default.contents(atPath: launch.output) ?? Data()),
      errors: [UInt8](FileManager.default.contents(atPath: launch.errors) ?? Data()),
      files: FileTree(of: sandbox.work))
  }

  private func replay(
    _ deployment: Deployment, path: String, in sandbox: Sandbox
  ) throws -> Outcome {
    try run(
      deployment, by: [BuiltParts.tool, "replay", "-q", "-f", sandbox.fixture, "--"], path: path,
      in: sandbox)
  }

  @Test(
    "Without commands and network, with the same output and status, again and again",
    .requiresNoNetwork, arguments: Deployment.all)
  func deployment(deployment: Deployment) throws {
    let sandbox = try Sandbox()
    let recorded = try record(deployment, in: sandbox)
    #expect(recorded.ending == .exited(0), "\(recorded.errorsText)")
    for folder in ["/bin", "/opt"] {
      try FileManager.default.removeItem(atPath: sandbox.home + folder)
    }
    let path = try interpreters(in: sandbox)
    // The commands are really gone.
    #expect(try run(deployment, by: [], path: path, in: sandbox).ending != .exited(0))
    for round in 1...100 {
      for made in ["config", "image"] {
        try? FileManager.default.removeItem(atPath: sandbox.work + "/" + made)
      }
      var replayed = try replay(deployment, path: path, in: sandbox)
      // What a command writes to files by itself is not replayed.
      replayed.files = recorded.files
      let differences = recorded.differences(from: replayed)
      #expect(differences.isEmpty, "round \(round): \(differences.joined(separator: "\n"))")
      guard differences.isEmpty else { return }
    }
    #expect(waits { sandbox.sessionDirectories().isEmpty })
  }

  @Test(
    "In parallel, each command is answered by its own recording", .requiresNoNetwork,
    arguments: [
      ["xargs", "-a", "numbers", "-P", "8", "-n", "1", "kubectl", "get"], ["make", "-s", "-j8"],
      [
        "bash", "-c",
        """
        for i in {1..50}; do kubectl get $i & p+=($!); done
        for i in ${p[@]}; do wait $i || s=1; done; exit $s
        """,
      ],
      ["python3", "threads"],
    ])
  func parallel(words: [String]) throws {
    let sandbox = try Sandbox()
    let deployment = Deployment(
      name: "", program: words,
      file: ("Makefile", "N = $(shell seq 50)\nall: $(N)\n$(N): ; @kubectl scale $@\n"))
    try sandbox.write((1...50).map { "\($0)\n" }.joined(), to: "numbers")
    try sandbox.write(
      """
      import concurrent.futures as f, subprocess as s
      with f.ThreadPoolExecutor(8) as pool:
          for i in pool.map(lambda i: s.run(["kubectl", "get", str(i)]), range(1, 51)):
              assert i.returncode == 0

      """, to: "threads")
    let standIns = #"echo "answer $2"; echo "note $2" >&2"#
    try sandbox.write("#!/bin/sh\n\(standIns)\n", to: "kubectl", mode: 0o755)
    try sandbox.write(deployment.file.text, to: deployment.file.name)
    var program = TracedProgram(words[0])
    program.arguments = words
    program.environment["PATH"] = sandbox.work + ":" + Sandbox.searchPath
    let recorded = try program.run(.recorded, in: sandbox)
    #expect(recorded.ending == .exited(0))
    try FileManager.default.removeItem(atPath: sandbox.work + "/kubectl")
    let path = try interpreters(in: sandbox)
    #expect(try run(deployment, by: [], path: path, in: sandbox).ending != .exited(0))
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n").sorted() }
    for _ in 0..<10 {
      let replayed = try replay(deployment, path: path, in: sandbox)
      #expect(replayed.ending == recorded.ending, "\(replayed.errorsText.prefix(500))")
      #expect(lines(replayed.outputText) == lines(recorded.outputText))
      #expect(lines(replayed.errorsText) == lines(recorded.errorsText))
    }
  }
}
