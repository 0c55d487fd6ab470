import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Ends the review of a fixture: deletes <fixture>.review, which has secrets in it.",
    discussion: """
      `cmdmox record --review` writes that file. Accepting it notes the time in the fixture's \
      metadata, as review_acknowledged.
      """)

  @Flag(help: "The review was read, and the fixture may be shared.")
  var accept = false

  @Argument(help: "The fixture.", completion: .file())
  var fixture: String

  mutating func run() throws {
    let review = ReviewFile(of: FilePath(fixture))
    guard review.exists else {
      throw Failure(
        .noInput, "\(review.path): there is no review; `cmdmox record --review` makes one")
    }
    guard accept else {
      throw Failure(
        .usage, "read \(review.path), then run `cmdmox review --accept \(fixture)`")
    }
    do {
      var file = try FixtureFile.load(FilePath(fixture))
      file.metadata.acknowledgeReview()
      try file.save(to: FilePath(fixture))
    } catch let error as FixtureError {
      if case .unwritable = error { throw Failure(.cannotCreate, error.description) }
      if case .unreadable = error { throw Failure(.noInput, error.description) }
      throw Failure(.badData, error.description)
    }
    guard review.path.withPlatformString({ unlink($0) }) == 0 else {
      throw Failure(.cannotCreate, "\(review.path): cannot be deleted: \(Errno(rawValue: errno))")
    }
  }
}
