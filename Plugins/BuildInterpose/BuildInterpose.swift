import Foundation
import PackagePlugin

/// Compiles what runs inside other programs' processes, with the C compiler.
///
/// A SwiftPM product of a C target links `libswiftCore.so`; preloaded into every process of a build
/// that costs milliseconds each and fails where no Swift runtime is installed. So the library is
/// made by `CInterpose/build.sh`, which both this plugin and the Makefile call.
///
/// The only declared output is a Swift file that names the folder of the results. Declaring the
/// library too would make it a resource, and the generated `Bundle` accessor would link Foundation
/// (60 MB) into the tool.
@main
struct BuildInterpose: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.directoryURL.appending(path: "CInterpose")
    let results = context.pluginWorkDirectoryURL
    let location = results.appending(path: "BuiltInterpose.swift")
    return [
      .buildCommand(
        displayName: "Compiling libcmdmox.so",
        executable: URL(filePath: "/bin/sh"),
        arguments: [
          sources.appending(path: "build.sh").path(percentEncoded: false),
          results.path(percentEncoded: false),
        ],
        inputFiles: try files(below: sources),
        outputFiles: [location]
      )
    ]
  }

  /// Every regular file below `folder`, in a stable order, so that a changed one rebuilds.
  private func files(below folder: URL) throws -> [URL] {
    let found = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    var files: [URL] = []
    while let file = found?.nextObject() as? URL {
      if try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        files.append(file)
      }
    }
    return files.sorted { $0.path < $1.path }
  }
}
