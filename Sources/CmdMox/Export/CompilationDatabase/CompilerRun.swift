/// One run of a compiler, and what it compiles.
struct CompilerRun: Equatable {
  /// An input, and the language that `-x` gave it.
  struct Source: Equatable {
    var file: String
    var language: String?
  }

  /// The compiler's options in their order, without its sources, outputs and languages; what only the
  /// linker would read (objects, libraries) stands among them.
  private(set) var options: [String] = []
  private(set) var sources: [Source] = []
  private(set) var output: String?
  /// Whether something is compiled at all.
  private(set) var compiles = true
  private var isCompileOnly = false

  /// - Parameter arguments: those behind the compiler's name, response files expanded.
  init(_ arguments: [String]) {
    var language: String?
    var place = 0
    while place < arguments.count {
      let argument = arguments[place]
      guard let option = CompilerOptions.option(argument) else {
        take(input: argument, language)
        place += 1
        continue
      }
      let all = arguments[place..<min(place + option.count, arguments.count)]
      // A value stands behind its option, in the same argument or in the next.
      let value = all.count > 1 ? all[place + 1] : String(argument.dropFirst(2))
      switch option.effect {
      case .kept: options += all
      case .dropped: break
      case .output: output = value
      case .language: language = value == "none" ? nil : value
      case .compilesNothing: compiles = false
      }
      if ["-c", "-S", "--compile", "--assemble"].contains(argument) {
        isCompileOnly = true
      }
      place += all.count
    }
  }

  /// The command line that compiles one of the sources, and nothing else.
  func arguments(compiler: String, _ source: Source) -> [String] {
    [compiler] + (isCompileOnly ? [] : ["-c"]) + options
      + (source.language.map { ["-x", $0] } ?? [])
      + (output.map { ["-o", $0] } ?? []) + [source.file]
  }

  private mutating func take(input: String, _ language: String?) {
    // Standard input cannot be read again.
    guard input != "-", !input.isEmpty else { return }
    if language != nil || SourceFiles.isSource(input) {
      sources.append(Source(file: input, language: language))
    } else {
      options.append(input)
    }
  }
}
