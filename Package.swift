// swift-tools-version: 6.2
import PackageDescription

/// The language settings of every Swift target here.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "cmdmox",
  products: [
    .library(name: "CmdMox", targets: ["CmdMox"]),
    .executable(name: "cmdmox", targets: ["CmdMoxTool"]),
    .executable(name: "cmdmox-look", targets: ["CmdMoxLook"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // What both sides of the wire compile: the layout, the encoder, the environment repair.
    .target(name: "CmdMoxWire", path: "CInterpose/wire"),
    // What the recorder asks the kernel and Swift has no way to say.
    .target(name: "KernelCalls"),
    // Sees the execs of a deep trace, and writes them to the session's pipe.
    .target(name: "ExecWatch", dependencies: ["CmdMoxWire", "KernelCalls"]),
    // Regular expressions: Debian's libpcre2-dev.
    .systemLibrary(name: "CPCRE2"),
    // Rule files: Debian's libyaml-dev, linked like PCRE2, and libtomlplusplus-dev, headers only.
    .target(name: "ConfigurationText", linkerSettings: [.linkedLibrary(":libyaml.a")]),
    // Compiles libcmdmox.so with the C compiler: a SwiftPM product would need the Swift runtime.
    .plugin(name: "BuildInterpose", capability: .buildTool()),
    .target(
      name: "CmdMox",
      dependencies: [
        "CPCRE2",
        "CmdMoxWire",
        "ExecWatch",
        "KernelCalls",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      // A link to the one in docs.
      resources: [.embedInCode("Fixture/Checking/fixture-v1.schema.json")],
      swiftSettings: strict,
      // The archive by name: with `pcre2-8` the linker would take the shared library.
      linkerSettings: [.linkedLibrary(":libpcre2-8.a")],
      plugins: ["BuildInterpose"]
    ),
    .target(
      name: "RuleFiles",
      dependencies: [
        "CmdMox",
        "ConfigurationText",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "CmdMoxTool",
      dependencies: [
        "CmdMox",
        "KernelCalls",
        "RuleFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    // The views that need libraries built on Foundation: a program of its own, which the tool runs, so
    // that the tool stays small and starts fast.
    .executableTarget(
      name: "CmdMoxLook",
      dependencies: [
        "CmdMox",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      resources: [
        .embedInCode("Page/report.css"), .embedInCode("Page/report.js"),
        .embedInCode("Page/report.mustache"),
      ],
      swiftSettings: strict
    ),
    // Measures the fixture's reader, writer and journal, against Python's json in the same run.
    .executableTarget(
      name: "FixtureBench",
      dependencies: [
        "CmdMox",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    // Measures what scrubbing costs.
    .executableTarget(name: "ScrubBench", dependencies: ["CmdMox"], swiftSettings: strict),
    // Measures replay sessions: their start, and the time for each command.
    .executableTarget(
      name: "ReplayBench",
      dependencies: [
        "CmdMox",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    // Events as the preload writes them, for the tests and the benchmark.
    .target(name: "WireSamples", dependencies: ["CmdMoxWire"], swiftSettings: strict),
    .executableTarget(
      name: "RecorderBench",
      dependencies: [
        "CmdMox", "WireSamples",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "CmdMoxToolTests",
      dependencies: [
        "CmdMox", "CmdMoxTool", "CmdMoxLook",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "CmdMoxTests",
      dependencies: [
        "CmdMox",
        "CmdMoxWire",
        "KernelCalls",
        "WireSamples",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict
    ),
    // The front door: real programs run with and without the preload. Tests/Callers has the programs.
    .testTarget(
      name: "InterposeTests",
      dependencies: ["CmdMox"],
      swiftSettings: strict
    ),
  ],
  cxxLanguageStandard: .cxx17
)

// What is fuzzed, in one program. It needs libFuzzer and coverage, so only `make fuzz` builds it: the
// variable says where libFuzzer's archive without a main function is.
if let libFuzzer = Context.environment["CMDMOX_LIBFUZZER"] {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "FuzzTargets",
      dependencies: [
        "CLibFuzzer", "CmdMox", "CmdMoxWire", "KernelCalls", "RuleFiles", "WireSamples",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/Fuzz/Targets",
      swiftSettings: strict,
      linkerSettings: [.unsafeFlags([libFuzzer])]
    ),
  ]
}
