/// What of a compiler's options matters to a compilation database.
enum CompilerOptions {
  /// What an option does to the compiler's run.
  enum Effect: Equatable {
    /// It stays.
    case kept
    /// It is of no use to who reads the database: the linker's, or it writes dependencies.
    case dropped
    /// The next argument or the rest names the output.
    case output
    /// The next argument or the rest names the language of what follows.
    case language
    /// No object comes of the run: it preprocesses, lists dependencies, or is a compiler's inner part.
    case compilesNothing
  }

  struct Option: Equatable {
    var effect: Effect
    /// How many arguments it takes, itself included.
    var count = 1
  }

  /// The option that an argument is; nil for an input file.
  static func option(_ argument: String) -> Option? {
    guard argument.hasPrefix("-"), argument != "-" else { return nil }
    if let known = table[argument] { return known }
    for (prefix, effect) in joined where argument.hasPrefix(prefix) {
      return Option(effect: effect)
    }
    return Option(effect: .kept)
  }

  private static let table: [String: Option] = {
    var table: [String: Option] = [:]
    for name in compilesNothing { table[name] = Option(effect: .compilesNothing) }
    for name in keptWithValue { table[name] = Option(effect: .kept, count: 2) }
    for name in dropped { table[name] = Option(effect: .dropped) }
    for name in droppedWithValue { table[name] = Option(effect: .dropped, count: 2) }
    table["-o"] = Option(effect: .output, count: 2)
    table["-x"] = Option(effect: .language, count: 2)
    return table
  }()

  // Source: gcc(1), clang(1).
  private static let compilesNothing = ["-E", "-M", "-MM", "-cc1", "-cc1as", "--preprocess"]

  private static let keptWithValue = [
    "-I", "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-iprefix",
    "-iwithprefix", "-iwithprefixbefore", "-isysroot", "--sysroot", "-Xpreprocessor",
    "-Xassembler", "-Xclang", "-arch", "-target", "--target", "-B", "-A", "--param", "-wrapper",
    "-mllvm", "-aux-info", "-dumpdir", "-dumpbase", "-dumpbase-ext", "-cxx-isystem",
    "-include-pch", "-ivfsoverlay", "-working-directory", "-G", "-specs", "--include",
    "--define-macro", "--undefine-macro", "--include-directory",
  ]

  private static let dropped = [
    "-MD", "-MMD", "-MP", "-MG", "-shared", "-static", "-pie", "-no-pie", "-static-pie",
    "-rdynamic", "-s", "-nostdlib", "-nostartfiles", "-nodefaultlibs", "-nolibc", "-symbolic",
    "-static-libgcc", "-shared-libgcc", "-static-libstdc++", "-static-libasan",
  ]

  private static let droppedWithValue = [
    "-MF", "-MT", "-MQ", "-MJ", "-Xlinker", "-L", "-l", "-u", "-T", "-z", "-e", "-rpath",
  ]

  /// Options that have their value in the same argument.
  private static let joined: [(prefix: String, effect: Effect)] = [
    ("-MF", .dropped), ("-MT", .dropped), ("-MQ", .dropped), ("-MJ", .dropped), ("-L", .dropped),
    ("-l", .dropped), ("-o", .output), ("-x", .language),
  ]
}

/// Which files a compiler takes as sources.
enum SourceFiles {
  static func isSource(_ file: String) -> Bool {
    guard let name = file.split(separator: "/").last,
      let dot = name.lastIndex(of: "."), dot != name.startIndex
    else { return false }
    return endings.contains(String(name[name.index(after: dot)...]))
  }

  private static let endings: Set = [
    "c", "C", "i", "ii", "m", "M", "mi", "mm", "mii", "cc", "cp", "cxx", "cpp", "CPP", "c++", "cu",
    "s", "S", "sx", "asm",
  ]
}
