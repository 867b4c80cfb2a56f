// SPDX-License-Identifier: Apache-2.0
#include "integration/block_text.h"

#include <catch2/catch.hpp>

#include "base/env.h"
#include "json/value.h"

using namespace socbridge;
using namespace socbridge::integration;

namespace {

const BlockRequest kRequest{"https://thehive.example:9000", "file:/var/ossec/etc/thehive.key", "",
                            7};

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

std::string renamed(std::string text) {
  for (std::size_t at = 0; (at = text.find("custom-w2thive", at)) != std::string::npos;) {
    text.replace(at, std::string_view("custom-w2thive").size(), "custom-other");
  }
  return text;
}

}  // namespace

TEST_CASE("block text: elements that a version supports") {
  const wazuh::Version old{4, 2}, options{4, 7}, timeout{4, 8};
  CHECK(!holds(*block_text(kRequest, old), "<timeout>"));
  CHECK(!holds(*block_text(kRequest, options), "<timeout>"));
  CHECK(holds(*block_text(kRequest, timeout), "<timeout>5</timeout>"));
  CHECK(!holds(*block_text(kRequest, std::nullopt), "<timeout>"));
  BlockRequest request = kRequest;
  request.organisation = "soc \"1\"";
  CHECK(block_text(request, old).status().code() == ExitCode::usage);
  CHECK(!block_text(request, std::nullopt).ok());
  CHECK(holds(*block_text(request, options), R"(<options>{"organisation":"soc \"1\""}</options>)"));
}

TEST_CASE("block text: values that Wazuh's reader does not give back are refused") {
  for (const char* value : {"https://a b", "https://a<b", "https://a>b", "https://a&b", "a\tb"}) {
    BlockRequest request = kRequest;
    request.hook_url = value;
    CHECK(!block_text(request, std::nullopt).ok());
    request = kRequest;
    request.api_key = value;
    CHECK(!block_text(request, std::nullopt).ok());
  }
  BlockRequest request = kRequest;
  request.organisation = "a<b";
  CHECK(!block_text(request, wazuh::Version{4, 8}).ok());
}

TEST_CASE("with block: every ossec.conf of the fixtures keeps its bytes and its meaning") {
  const auto text =
      Env::real().read_file(SOCBRIDGE_FIXTURES "/ossec-conf.json", std::size_t{1} << 24U);
  REQUIRE(text.ok());
  const auto rows = json::Document::parse(*text);
  REQUIRE(rows.ok());
  const std::string block = *block_text(kRequest, wazuh::Version{4, 8});
  std::size_t added = 0, refused = 0;
  for (std::size_t i = 0; i < rows->root().size(); ++i) {
    const json::Value row = rows->root().at(i);
    const std::string own(*row["ossec_conf"].string());
    CAPTURE(*row["name"].string());
    for (const std::string& conf : {own, renamed(own)}) {
      const auto before = wazuh::parse_ossec_conf(conf, "ossec.conf");
      const auto with = with_block(conf, block, "ossec.conf");
      if (!with.ok()) {
        ++refused;
        CHECK(with.status().code() == ExitCode::usage);
        CHECK(!with.status().message().empty());
        continue;
      }
      ++added;
      REQUIRE(before.ok());
      CHECK(before->refusals.empty());
      const std::string line_end = conf.empty() || conf.back() == '\n' ? "" : "\n";
      CHECK(*with == conf + line_end + block);
      const auto after = wazuh::parse_ossec_conf(*with, "ossec.conf");
      REQUIRE(after.ok());
      CHECK(after->refusals.empty());
      REQUIRE(after->blocks.size() == before->blocks.size() + 1);
      const wazuh::IntegrationBlock& last = after->blocks.back();
      CHECK(last.hook_url == kRequest.hook_url);
      CHECK(last.api_key.reveal() == kRequest.api_key);
      CHECK((last.level == "7" && last.alert_format == "json" && last.timeout_s == 5));
      CHECK(after->log_alert_level == before->log_alert_level);
    }
  }
  CHECK(added > 100);
  CHECK(refused > 100);
}

TEST_CASE("with block: a second one is never added") {
  const std::string block = *block_text(kRequest, std::nullopt);
  const auto once = with_block("<ossec_config>\n</ossec_config>", block, "ossec.conf");
  REQUIRE(once.ok());
  const auto twice = with_block(*once, block, "ossec.conf");
  REQUIRE(!twice.ok());
  CHECK(twice.status().message() == "ossec.conf:4: there is a block custom-w2thive already");
}

TEST_CASE("with block: an unclosed comment would hide it") {
  const std::string block = *block_text(kRequest, std::nullopt);
  CHECK(!with_block("<ossec_config>\n</ossec_config>\n<!-- open", block, "ossec.conf").ok());
}
