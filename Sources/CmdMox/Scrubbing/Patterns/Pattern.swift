internal import CPCRE2

/// A compiled regular expression, in Python's manner, over bytes that are mostly UTF-8.
///
/// Bytes that are no UTF-8 match nothing, and what stands around them matches as ever. A compiled
/// pattern never changes, so threads share it; each brings a ``MatchWorkspace`` of its own.
final class Pattern: Sendable {
  /// Where a match may begin.
  enum Start {
    /// At the offset that is given, and nowhere else.
    case atOffset
    /// At the offset or behind it.
    case anywhere
  }

  /// How many groups there are, without the whole match.
  let groupCount: Int
  private let code: Code

  /// pcre2_code is only read once it is compiled: pcre2api(3), "Multithreading".
  private final class Code: @unchecked Sendable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { pcre2_code_free_8(pointer) }
  }

  /// Compiles a pattern.
  ///
  /// - Throws: ``PatternFailure/syntax(_:offset:)``.
  init(_ pattern: String, _ start: Start) throws {
    var options = Self.options
    switch start {
    case .atOffset: options |= PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE
    case .anywhere: options |= PCRE2_USE_OFFSET_LIMIT
    }
    code = try Self.compile(PythonSyntax.translated(pattern), options)
    // Without a just-in-time compiler (a kernel that forbids such memory) the interpreter matches.
    pcre2_jit_compile_8(code.pointer, PCRE2_JIT_COMPLETE)
    var count: UInt32 = 0
    pcre2_pattern_info_8(code.pointer, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
  }

  private static let options =
    PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX

  private static func compile(_ pattern: [UInt8], _ options: UInt32) throws -> Code {
    var error: Int32 = 0
    var offset = 0
    guard
      let code = pcre2_compile_8(pattern, pattern.count, options, &error, &offset, nil)
    else {
      throw PatternFailure.syntax(message(error), offset: offset)
    }
    return Code(code)
  }

  private static func message(_ error: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 256)
    let count = pcre2_get_error_message_8(error, &text, text.count)
    return String(decoding: text.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// The number of a named group; nil where there is none.
  func group(named name: String) -> Int? {
    let number = pcre2_substring_number_from_name_8(code.pointer, Array(name.utf8) + [0])
    return number > 0 ? Int(number) : nil
  }

  /// Looks for a match; `workspace` then says where its groups are.
  ///
  /// - Parameters:
  ///   - offset: a character's first byte.
  ///   - last: where a match may begin at the latest, for a pattern that may match anywhere.
  /// - Throws: ``PatternFailure/limit`` where it takes too many steps.
  func matches(
    _ text: UnsafeBufferPointer<UInt8>, at offset: Int, last: Int? = nil,
    in workspace: borrowing MatchWorkspace
  ) throws -> Bool {
    pcre2_set_offset_limit_8(workspace.context, last ?? Self.unset)
    workspace.allowSteps(for: text.count - offset)
    let result = pcre2_match_8(
      code.pointer, text.baseAddress ?? Self.nothing, text.count, offset, 0, workspace.data,
      workspace.context)
    switch result {
    case 0...: return true
    case PCRE2_ERROR_NOMATCH: return false
    default: throw PatternFailure.limit
    }
  }

  /// PCRE2_UNSET, all bits set.
  private static let unset = -1

  /// Where an empty text lies.
  private static var nothing: UnsafePointer<UInt8> { UnsafePointer(StaticString("").utf8Start) }
}

/// Why a pattern could not be compiled or matched.
enum PatternFailure: Error, Equatable {
  /// What is wrong with it, and how many bytes stand before that.
  case syntax(String, offset: Int)
  /// A match took more steps, or more memory, than one may.
  case limit
}

/// What matching writes to; for one thread at a time.
struct MatchWorkspace: ~Copyable {
  /// As many groups as a pattern may have that is told apart by its groups.
  static let groups = 255
  /// About 20 ms of backtracking.
  private static let steps = 2_000_000
  /// And so many for each byte: a lazy repetition takes one to go on.
  private static let stepsOfByte = 8

  fileprivate let data: OpaquePointer
  fileprivate let context: OpaquePointer
  private let stack: OpaquePointer?

  init() {
    guard let data = pcre2_match_data_create_8(UInt32(Self.groups) + 1, nil),
      let context = pcre2_match_context_create_8(nil)
    else { preconditionFailure("out of memory") }
    self.data = data
    self.context = context
    stack = pcre2_jit_stack_create_8(32 << 10, 4 << 20, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
    pcre2_set_heap_limit_8(context, 64 << 10)
  }

  /// Bounds what the next match may take on a text of `length` bytes.
  fileprivate func allowSteps(for length: Int) {
    let steps = UInt32(clamping: Self.steps + Self.stepsOfByte * length)
    pcre2_set_match_limit_8(context, steps)
    pcre2_set_depth_limit_8(context, steps)
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    pcre2_jit_stack_free_8(stack)
  }

  /// Where a group of the last match is, 0 being the whole; nil where it took no part.
  func range(ofGroup group: Int) -> Range<Int>? {
    guard group <= Self.groups, let ends = pcre2_get_ovector_pointer_8(data) else { return nil }
    let (start, end) = (ends[2 * group], ends[2 * group + 1])
    // PCRE2_UNSET, all bits set, is -1 here; \K in a lookahead can put the start behind the end.
    guard start >= 0, end >= start else { return nil }
    return start..<end
  }
}
