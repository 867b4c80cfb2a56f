// SPDX-License-Identifier: Apache-2.0
#include "reconcile/line_reader.h"

#include <catch2/catch.hpp>

#include "fixtures.h"

namespace socbridge::reconcile {
namespace {

using test::TempDir;

struct Seen {
  std::string text;
  std::uint64_t begin, end;
  bool whole, too_long;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(const std::string& path, std::size_t max_line, std::uint64_t from = 0) {
  auto reader = LineReader::open(Env::real(), path, max_line);
  REQUIRE(reader.ok());
  REQUIRE(reader->skip_to(from).ok());
  std::vector<Seen> out;
  LineReader::Line line;
  while (true) {
    const auto more = reader->next(line);
    REQUIRE(more.ok());
    if (!*more) return out;
    out.push_back({std::string(line.text), line.begin, line.end, line.whole, line.too_long});
  }
}

TEST_CASE("lines with their offsets, plain and gzipped", "[lines]") {
  const TempDir dir;
  const std::string text = "one\n\nthree\ntorn";
  const std::vector<Seen> expected = {{"one", 0, 4, true, false},
                                      {"", 4, 5, true, false},
                                      {"three", 5, 11, true, false},
                                      {"torn", 11, 15, false, false}};
  CHECK(read(dir.write("plain", text), 100) == expected);
  CHECK(read(dir.gzip("packed.gz", text), 100) == expected);
  CHECK(read(dir.write("empty", ""), 100).empty());
}

TEST_CASE("an offset is valid in the plain and in the compressed file", "[lines]") {
  const TempDir dir;
  const std::string text = "one\ntwo\nthree\n";
  for (const std::string& path : {dir.write("plain", text), dir.gzip("packed.gz", text)}) {
    const auto lines = read(path, 100, 4);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == Seen{"two", 4, 8, true, false});
    CHECK(lines[1].begin == 8);
    CHECK(read(path, 100, text.size()).empty());
    CHECK(read(path, 100, text.size() + 50).empty());
  }
}

TEST_CASE("a line over the limit is skipped with its size", "[lines]") {
  const TempDir dir;
  const std::string longer(300000, 'x');
  const std::string text = "a\n" + longer + "\nb\n" + longer;
  const auto lines = read(dir.write("f", text), 1000);
  REQUIRE(lines.size() == 4);
  CHECK(lines[1] == Seen{"", 2, 300003, true, true});
  CHECK(lines[2] == Seen{"b", 300003, 300005, true, false});
  CHECK(lines[3] == Seen{"", 300005, 600005, false, true});
  // Exactly at the limit is fine.
  CHECK(read(dir.write("g", std::string(1000, 'y') + "\n"), 1000)[0].text.size() == 1000);
  CHECK(read(dir.write("h", std::string(1001, 'y') + "\n"), 1000)[0].too_long);
}

TEST_CASE("a damaged gzip gives its lines and then an error", "[lines]") {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const std::string path = dir.gzip("f.gz", text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto reader = LineReader::open(Env::real(), path, 1000);
  REQUIRE(reader.ok());
  LineReader::Line line;
  int lines = 0;
  while (true) {
    const auto more = reader->next(line);
    if (!more.ok()) break;
    REQUIRE(*more);
    ++lines;
  }
  CHECK(lines > 1000);
}

TEST_CASE("prefetching returns the rest and changes nothing", "[lines]") {
  const TempDir dir;
  std::string text = "first\n";
  for (int i = 0; i < 20000; ++i) text += "line " + std::to_string(i) + "\n";
  text += "torn";
  auto reader = LineReader::open(Env::real(), dir.write("f", text), 1000);
  REQUIRE(reader.ok());
  LineReader::Line line;
  REQUIRE(*reader->next(line));
  const auto rest = reader->rest(line, text.size());
  REQUIRE(rest);
  CHECK(*rest == text);
  CHECK(line.text == "first");
  REQUIRE(*reader->next(line));
  CHECK(line.text == "line 0");
  CHECK(line.begin == 6);
  CHECK(*reader->rest(line, text.size()) == text.substr(6));
  reader->skip_rest();
  CHECK_FALSE(*reader->next(line));
  // Too much of it: the line is still good, and the next ones follow.
  auto other = LineReader::open(Env::real(), dir / "f", 1000);
  REQUIRE(*other->next(line));
  CHECK_FALSE(other->rest(line, 100));
  CHECK(line.text == "first");
  REQUIRE(*other->next(line));
  CHECK(line.text == "line 0");
}

TEST_CASE("damage met while prefetching is reported after the lines before it", "[lines]") {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const std::string path = dir.gzip("f.gz", text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto reader = LineReader::open(Env::real(), path, 1000);
  LineReader::Line line;
  REQUIRE(*reader->next(line));
  const auto rest = reader->rest(line, text.size());
  REQUIRE(rest);
  CHECK(rest->size() < text.size());
  int lines = 1;
  auto more = reader->next(line);
  for (; more.ok() && *more; more = reader->next(line)) ++lines;
  CHECK_FALSE(more.ok());
  CHECK(lines > 1000);
}

}  // namespace
}  // namespace socbridge::reconcile
