// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "test_support.h"
#include "wazuh/alert_stream.h"
#include "wazuh/input_file.h"

using namespace socbridge;
using namespace socbridge::wazuh;
using socbridge::wazuh::test::gzipped;
using socbridge::wazuh::test::TempDir;

namespace {

struct Seen {
  std::vector<std::string> raw;
  std::vector<std::size_t> lines;
  Status status;
};

Seen read(const std::string& path) {
  Seen seen;
  seen.status = for_each_alert(Env::real(), path, [&](std::string_view raw, std::size_t line) {
    seen.raw.emplace_back(raw);
    seen.lines.push_back(line);
  });
  return seen;
}

Seen read_text(std::string_view text) {
  TempDir dir;
  return read(dir.write("alerts.json", text));
}

std::vector<std::string> ids(const Seen& seen) {
  std::vector<std::string> out;
  for (const std::string& raw : seen.raw) out.push_back(wazuh::test::parsed(raw).id);
  return out;
}

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::size_t>;

}  // namespace

TEST_CASE("stream: one alert, with and without a line end") {
  CHECK(ids(read_text(R"({"id":"1.1"})")) == Texts{"1.1"});
  CHECK(ids(read_text("{\"id\":\"1.1\"}\n")) == Texts{"1.1"});
  CHECK(ids(read_text("{\n \"id\": \"1.1\",\n \"rule\": {}\n}\n")) == Texts{"1.1"});
}

TEST_CASE("stream: JSON Lines with their numbers, empty lines and no last line end") {
  const Seen seen = read_text("{\"id\":\"1.1\"}\n\n{\"id\":\"1.2\"}\r\n{\"id\":\"1.3\"}");
  CHECK(seen.status.ok());
  CHECK(ids(seen) == Texts{"1.1", "1.2", "1.3"});
  CHECK(seen.lines == Numbers{1, 3, 4});
}

TEST_CASE("stream: an invalid line is returned like any other and stops nothing") {
  const Seen seen = read_text("{\"id\":\"1.1\"}\n{\"id\":\n{\"id\":\"1.3\"}\n");
  CHECK(seen.status.ok());
  CHECK(seen.lines == Numbers{1, 2, 3});
  CHECK(seen.raw[1] == "{\"id\":");
}

TEST_CASE("stream: a broken first line costs only itself") {
  const Seen seen = read_text("{\"id\":\n{\"id\":\"1.2\"}\n{\"id\":\"1.3\"}\n");
  CHECK(seen.status.ok());
  REQUIRE(seen.raw.size() == 3);
  CHECK(seen.lines == Numbers{1, 2, 3});
  CHECK(wazuh::test::parsed(seen.raw[2]).id == "1.3");
}

TEST_CASE("stream: an array of alerts and an indexer's answer") {
  const Seen array = read_text("[{\"id\":\"1.1\"},\n{\"id\":\"1.2\"}]\n");
  CHECK(ids(array) == Texts{"1.1", "1.2"});
  CHECK(array.lines == Numbers{1, 2});
  for (const char* gap : {"", "\n"}) {
    const Seen hits =
        read_text(std::string(R"({"took":7,)") + gap + R"("hits":{"total":{"value":2},"hits":[)" +
                  gap + R"({"_index":"i","_id":"a","_source":{"id":"1.1"}},)" + gap +
                  R"({"_index":"i","_id":"b","_source":{"id":"1.2"}}]}})" + gap);
    CHECK(ids(hits) == Texts{"1.1", "1.2"});
  }
  const Seen none = read_text(R"({"took":1,"hits":{"total":{"value":0},"hits":[]}})");
  CHECK(none.status.ok());
  CHECK(none.raw.empty());
}

TEST_CASE("stream: of an answer that is damaged behind its first hit no alert comes twice") {
  const std::string damaged = R"({"took":1,"hits":{"hits":[{"_source":{"id":"1.1"}}}})";
  CHECK(read_text(damaged).raw == std::vector<std::string>{damaged});
}

TEST_CASE("stream: an empty file has no alerts") {
  for (const char* text : {"", "\n \n"}) {
    const Seen seen = read_text(text);
    CHECK(seen.status.ok());
    CHECK(seen.raw.empty());
  }
}

TEST_CASE("stream: text that is not JSON is returned unchanged, so that its reader can name it") {
  const Seen seen = read_text("alertdate='x'\nruleid='5710'\nalertlevel='5'\n");
  REQUIRE(seen.raw.size() == 1);
  CHECK(classify_not_alert(seen.raw[0]) == NotAlert::text_format);
}

TEST_CASE("stream: too long a line is skipped and counted, its neighbours are not") {
  const std::string huge =
      R"({"id":"1.2","full_log":")" + std::string(kMaxAlertLine, 'x') + "\"}\n";
  const Seen seen = read_text("{\"id\":\"1.1\"}\n" + huge + "{\"id\":\"1.3\"}\n" + huge);
  CHECK(seen.status.code() == ExitCode::bad_input);
  CHECK(seen.status.message().find("2 lines") != std::string::npos);
  CHECK(ids(seen) == Texts{"1.1", "1.3"});
  CHECK(seen.lines == Numbers{1, 3});
}

TEST_CASE("stream: a line of just under one MiB is taken") {
  const std::string long_line =
      R"({"id":"1.2","full_log":")" + std::string((std::size_t{1} << 20) - 100, 'x') + "\"}\n";
  const Seen seen = read_text("{\"id\":\"1.1\"}\n" + long_line);
  CHECK(seen.status.ok());
  CHECK(ids(seen) == Texts{"1.1", "1.2"});
}

TEST_CASE("stream: gzip, also of several members") {
  TempDir dir;
  const std::string zipped = gzipped("{\"id\":\"1.1\"}\n") + gzipped("{\"id\":\"1.2\"}\n");
  const Seen seen = read(dir.write("ossec-alerts-14.json.gz", zipped));
  CHECK(seen.status.ok());
  CHECK(ids(seen) == Texts{"1.1", "1.2"});
}

TEST_CASE("stream: a truncated or damaged gzip file is reported, after the readable part") {
  TempDir dir;
  std::string lines;
  for (int i = 0; i < 20000; ++i)
    lines += "{\"id\":\"1741938001." + std::to_string(i * 7919) + "\"}\n";
  const std::string whole = gzipped(lines);
  const Seen cut = read(dir.write("cut.gz", whole.substr(0, whole.size() / 2)));
  CHECK(cut.status.code() == ExitCode::bad_input);
  CHECK(cut.raw.size() > 100);
  CHECK(cut.raw.size() < 20000);
  std::string damaged = whole;
  damaged[damaged.size() - 6] =
      static_cast<char>(damaged[damaged.size() - 6] ^ 0x55);  // its checksum
  CHECK_FALSE(read(dir.write("damaged.gz", damaged)).status.ok());
}

TEST_CASE("stream: data after the gzip data is not skipped silently") {
  TempDir dir;
  const std::string zipped = gzipped("{\"id\":\"1.1\"}\n");
  const std::string other = gzipped("{\"id\":\"1.2\"}\n");
  for (const std::string& more :
       {std::string("{\"id\":\"1.2\"}\n"), other.substr(0, 1), other.substr(0, 9),
        other.substr(0, 20), std::string("\0\0x", 3)}) {
    const Seen seen = read(dir.write(std::to_string(more.size()) + ".gz", zipped + more));
    CHECK(seen.status.code() == ExitCode::bad_input);
    CHECK(seen.raw.size() <= 1);
  }
  const Seen padded = read(dir.write("padded.gz", zipped + std::string(300000, '\0')));
  CHECK(padded.status.ok());
  CHECK(ids(padded) == Texts{"1.1"});
}

TEST_CASE("stream: bytes are skipped in plain and packed files alike") {
  TempDir dir;
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "\n";
  const std::string plain = dir.write("f", text);
  const std::string packed = dir.write("f.gz", gzipped(text));
  for (const std::string& path : {plain, packed}) {
    for (const std::size_t skip : {std::size_t{0}, std::size_t{1}, std::size_t{65536},
                                   std::size_t{200001}, text.size(), text.size() + 70000}) {
      auto source = InputFile::open(Env::real(), path);
      REQUIRE(source.ok());
      REQUIRE(source->skip(skip).ok());
      std::string rest;
      auto more = source->more(rest);
      while (more.ok() && *more) more = source->more(rest);
      REQUIRE(more.ok());
      CHECK(rest == text.substr(std::min(skip, text.size())));
      CHECK(source->raw_offset() >= std::filesystem::file_size(path));
    }
  }
}

TEST_CASE("stream: many lines over many reads keep their order") {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += "{\"id\":\"5." + std::to_string(i) + "\"}\n";
  const Seen seen = read_text(text);
  CHECK(seen.status.ok());
  REQUIRE(seen.raw.size() == 30000);
  CHECK(seen.raw[12345] == "{\"id\":\"5.12345\"}");
  CHECK(seen.lines.back() == 30000);
}

TEST_CASE("stream: a missing file and a folder") {
  TempDir dir;
  CHECK_FALSE(read(dir.path() + "/none.json").status.ok());
  const Status folder = read(dir.path()).status;
  CHECK_FALSE(folder.ok());
  CHECK(folder.line().find('\n') == std::string::npos);
}
