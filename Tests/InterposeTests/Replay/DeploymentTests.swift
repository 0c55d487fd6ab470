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

  private func replay(
    _ deployment: Deployment, in sandbox: Sandbox, _ options: [String] = []
  ) throws -> Outcome {
    var launch = try TracedProgram("true").launch(.bare, in: sandbox)
    launch.arguments =
      [BuiltParts.tool, "replay", "-q", "-f", sandbox.fixture] + options + ["--"]
      + deployment.program
    // Commands that are installed here must not be found either.
    launch.environment["PATH"] = sandbox.home + "/nowhere:" + Sandbox.searchPath
    launch.output = sandbox.folder + "/stdout2"
    launch.errors = sandbox.folder + "/stderr2"
    let ending = try launch.run()
    return Outcome(
      ending: ending,
      output: [UInt8](FileManager.default.contents(atPath: launch.output) ?? Data()),
      errors: [UInt8](FileManager.default.contents(atPath: launch.errors) ?? Data()),
      files: FileTree(of: sandbox.work))
  }

  @Test("With the same output and status, again and again", arguments: Deployment.all)
  func deployment(deployment: Deployment) throws {
    let sandbox = try Sandbox()
    let recorded = try record(deployment, in: sandbox)
    #expect(recorded.ending == .exited(0), "\(recorded.errorsText)")
    for folder in ["/bin", "/opt"] {
      try FileManager.default.removeItem(atPath: sandbox.home + folder)
    }
    for round in 1...100 {
      for made in ["config", "image"] {
        try? FileManager.default.removeItem(atPath: sandbox.work + "/" + made)
      }
      var replayed = try replay(deployment, in: sandbox)
      // What a command writes to files by itself is not replayed.
      replayed.files = recorded.files
      let differences = recorded.differences(from: replayed)
      #expect(differences.isEmpty, "round \(round): \(differences.joined(separator: "\n"))")
      guard differences.isEmpty else { return }
    }
    #expect(waits { sandbox.sessionDirectories().isEmpty })
  }

  @Test(
    "In parallel, each command is answered by its own recording",
    arguments: [
      ["xargs", "-a", "numbers", "-P", "8", "-n", "1", "kubectl", "get"], ["make", "-s", "-j8"],
    ])
  func parallel(words: [String]) throws {
    let sandbox = try Sandbox()
    let deployment = Deployment(
      name: "", program: words,
      file: ("Makefile", "N = $(shell seq 50)\nall: $(N)\n$(N): ; @kubectl scale $@ | sort\n"))
    try sandbox.write((1...50).map { "\($0)\n" }.joined(), to: "numbers")
    let standIns = #"echo "answer $2"; echo "note $2" >&2; exit $(( $2 % 2 * 0 ))"#
    try sandbox.write("#!/bin/sh\n\(standIns)\n", to: "kubectl", mode: 0o755)
    try sandbox.write(deployment.file.text, to: deployment.file.name)
    var program = TracedProgram(words[0])
    program.arguments = words
    program.environment["PATH"] = sandbox.work + ":" + Sandbox.searchPath
    let recorded = try program.run(.recorded, in: sandbox)
    try FileManager.default.removeItem(atPath: sandbox.work + "/kubectl")
    for _ in 0..<10 {
      let replayed = try replay(deployment, in: sandbox)
      #expect(replayed.ending == recorded.ending, "\(replayed.errorsText.prefix(500))")
      #expect(
        replayed.outputText.split(separator: "\n").sorted()
          == recorded.outputText.split(separator: "\n").sorted())
    }
  }
}
