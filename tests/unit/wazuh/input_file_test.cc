// SPDX-License-Identifier: Apache-2.0
#include "wazuh/input_file.h"

#include <cstdint>

#include "test_support.h"

namespace socbridge::wazuh {
namespace {

using test::gzipped;

// The remaining lines; an error follows as " error: …".
std::string rest(InputFile& source) {
  std::string out;
  while (true) {
    const auto more = source.more(out);
    if (!more.ok()) {
      CHECK(more.status().code() == ExitCode::bad_input);
      return out + " error: " + more.status().message();
    }
    if (!*more) return out;
  }
}

struct Fixture : test::TempDir {
  InputFile open(const std::string& bytes) const {
    auto source = InputFile::open(Env::real(), write("in", bytes));
    INFO(source.status().line());
    REQUIRE(source.ok());
    return std::move(*source);
  }
  std::string read(const std::string& bytes) const {
    InputFile source = open(bytes);
    return rest(source);
  }
  std::string behind(const std::string& bytes, std::uint64_t skipped) const {
    InputFile source = open(bytes);
    REQUIRE(source.skip(skipped).ok());
    return rest(source);
  }
};

std::string lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "line " + std::to_string(i) + "\n";
  return out;
}

}  // namespace

TEST_CASE("which names are Wazuh's own for alerts") {
  for (const char* path : {"alerts.json", "/var/ossec/logs/alerts/alerts.json",
                           "/x/2025/Mar/ossec-alerts-14.json", "ossec-alerts-.json"}) {
    CHECK(is_alerts_log(path));
  }
  for (const char* path : {"", "/", "alerts.json/", "alerts.json.gz", "my-alerts.json",
                           "ossec-alerts-14.log", "ossec-archive-14.json"}) {
    CAPTURE(path);
    CHECK_FALSE(is_alerts_log(path));
  }
}

TEST_CASE_METHOD(Fixture, "regular files of any size and content are returned unchanged") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string("\x1f"), std::string("\x1f\x8a"), all,
        std::string(65536, 'a'), std::string(131072, 'b'), std::string(300001, 'c')}) {
    CHECK(read(bytes) == bytes);
  }
}

TEST_CASE_METHOD(Fixture, "gzip is unpacked, several members one after the other") {
  const std::string text = lines(50000);
  CHECK(read(gzipped(text)) == text);
  CHECK(read(gzipped("a") + gzipped("") + gzipped("b")) == "ab");
  CHECK(read(gzipped("")).empty());
  CHECK(read(gzipped("a") + std::string(200000, '\0')) == "a");
}

TEST_CASE_METHOD(Fixture, "data before the damage is returned, then the error, and again") {
  const std::string text = lines(50000);
  const std::string packed = gzipped(text);
  InputFile cut = open(packed.substr(0, packed.size() / 2));
  const std::string got = rest(cut);
  const std::size_t at = got.find(" error: ");
  REQUIRE(at != std::string::npos);
  CHECK(at > 1000);
  CHECK(text.starts_with(got.substr(0, at)));
  CHECK_THAT(got, Catch::EndsWith("to its end: unexpected end of file"));
  CHECK(rest(cut).starts_with(" error: "));

  std::string changed = packed;
  changed[packed.size() / 2] = static_cast<char>(changed[packed.size() / 2] ^ 0x55);
  CHECK_THAT(read(changed), Catch::Contains(" error: "));
  CHECK_THAT(read(gzipped("a") + "rubbish"),
             Catch::StartsWith("a error: ") &&
                 Catch::EndsWith("the data after its gzip data is not gzip"));
  CHECK_THAT(read(gzipped("a") + std::string("\0\0x", 3)), Catch::Contains(" error: "));
  CHECK_THAT(read("\x1f\x8b"), Catch::Contains(" error: "));
  CHECK_THAT(read(std::string("\x1f\x8b\xff\xff\xff", 5)), Catch::Contains(" error: "));
}

TEST_CASE_METHOD(Fixture, "a gzip file truncated at any byte is an error, never a shorter text") {
  const std::string packed = gzipped(lines(20));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(read(packed.substr(0, size)), Catch::Contains(" error: "));
  }
}

TEST_CASE_METHOD(Fixture, "skipping: in the first piece, over many, to the end and beyond") {
  const std::string text = lines(60000);
  for (const std::string& bytes : {text, gzipped(text)}) {
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{1}, std::size_t{65535}, std::size_t{65536},
          std::size_t{65537}, std::size_t{200000}, text.size() - 1, text.size()}) {
      CAPTURE(at);
      CHECK(behind(bytes, at) == text.substr(at));
    }
    CHECK(behind(bytes, text.size() + 1).empty());
    CHECK(behind(bytes, std::uint64_t{1} << 40U).empty());
    // A damaged note of a position is never before the beginning.
    CHECK(behind(bytes, UINT64_MAX).empty());
    CHECK(behind(bytes, UINT64_MAX - 5).empty());
    CHECK(behind(bytes, std::uint64_t{1} << 63U).empty());
  }
}

TEST_CASE_METHOD(Fixture, "skipping in steps is the same as in one") {
  const std::string text = lines(1000);
  InputFile source = open(text);
  REQUIRE(source.skip(10).ok());
  REQUIRE(source.skip(5).ok());
  CHECK(rest(source) == text.substr(15));
}

TEST_CASE_METHOD(Fixture, "damage met while skipping is reported in reading") {
  const std::string packed = gzipped(lines(50000));
  InputFile source = open(packed.substr(0, packed.size() / 2));
  REQUIRE(source.skip(std::uint64_t{1} << 30U).ok());
  CHECK_THAT(rest(source), Catch::StartsWith(" error: "));
}

TEST_CASE_METHOD(Fixture, "how far the file on disk was read") {
  const std::string text = lines(10);
  InputFile plain = open(text);
  CHECK(plain.raw_offset() == 0);
  rest(plain);
  CHECK(plain.raw_offset() == text.size());
  const std::string packed = gzipped(lines(1000));
  InputFile gzip = open(packed);
  rest(gzip);
  CHECK(gzip.raw_offset() == packed.size());
}

TEST_CASE_METHOD(Fixture,
                 "the file that is open is the one that is reported of, and that is read on") {
  InputFile source = open("old");
  const auto before = source.info(Env::real());
  REQUIRE(before.ok());
  CHECK(before->size == 3);
  REQUIRE(Env::real().rename(*this / "in", *this / "rotated").ok());
  write("in", "new content");
  CHECK(source.info(Env::real())->inode == before->inode);
  CHECK(rest(source) == "old");
}

TEST_CASE_METHOD(Fixture, "a path that is not a readable file is reported by its name") {
  const auto none = InputFile::open(Env::real(), *this / "none");
  REQUIRE_FALSE(none.ok());
  CHECK(none.status().code() == ExitCode::bad_input);
  CHECK_THAT(none.status().message(), Catch::Contains("none"));
  const auto dir = InputFile::open(Env::real(), path());
  REQUIRE_FALSE(dir.ok());
  CHECK_THAT(dir.status().message(), Catch::EndsWith("is a folder, not a file of alerts"));
}

}  // namespace socbridge::wazuh
