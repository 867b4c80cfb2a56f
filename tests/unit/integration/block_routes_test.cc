// SPDX-License-Identifier: Apache-2.0
#include "integration/block_routes.h"

#include "block_fixture.h"

namespace socbridge::integration {
namespace {

struct Fixture : test::Home {
  Result<std::vector<BlockRoute>> all() const { return block_routes(Env::real(), routes()); }
  static std::string url_of(const BlockRoute& route) { return route.loaded.settings.endpoint.url; }
};

}  // namespace

TEST_CASE("which blocks run one of our executables") {
  wazuh::IntegrationBlock block;
  for (const char* name : {"custom-w2thive", "custom-w2thive-b", "custom-w2thive2"}) {
    block.name = name;
    CHECK(is_ours(block));
  }
  for (const char* name : {"", "slack", "custom-w2thiv", " custom-w2thive", "Custom-w2thive"}) {
    block.name = name;
    CHECK_FALSE(is_ours(block));
  }
}

TEST_CASE_METHOD(Fixture, "our blocks in file order, each with its own settings") {
  conf(block("<hook_url>http://one.example</hook_url><api_key>k1</api_key>") +
       block("<hook_url>http://no.example</hook_url>", "slack") +
       block("<hook_url>http://two.example</hook_url><api_key>k2</api_key>"
             "<level>7</level><options>{\"organisation\":\"b\"}</options>",
             "custom-w2thive-b"));
  const auto found = all();
  REQUIRE(found.ok());
  REQUIRE(found->size() == 2);
  CHECK(url_of((*found)[0]) == "http://one.example");
  CHECK((*found)[0].place == conf_path() + ":2");
  CHECK((*found)[0].filter.level() == 0);
  CHECK(url_of((*found)[1]) == "http://two.example");
  CHECK((*found)[1].loaded.settings.endpoint.organisation == "b");
  CHECK((*found)[1].loaded.settings.endpoint.key.reveal() == "k2");
  CHECK((*found)[1].filter.level() == 7);
}

TEST_CASE_METHOD(Fixture, "a missing file has no blocks; an unusable one is an error") {
  REQUIRE(all().ok());
  CHECK(all()->empty());
  conf("");
  CHECK(all()->empty());
  write("etc/ossec.conf", "<ossec_config>");
  CHECK(all().status().code() == ExitCode::usage);
  REQUIRE(Env::real().unlink(conf_path()).ok());
  folder("etc/ossec.conf");
  CHECK(all().status().code() == ExitCode::usage);
}

TEST_CASE_METHOD(Fixture, "a block with errors is returned with its errors") {
  conf(block("<hook_url>ftp://x</hook_url><api_key>k</api_key>"));
  const auto found = all();
  REQUIRE(found.ok());
  REQUIRE(found->size() == 1);
  CHECK_FALSE((*found)[0].loaded.errors.empty());
}

TEST_CASE_METHOD(Fixture, "each pair of spool and log once") {
  const auto with = [](const std::string& options) {
    return test::Home::block("<api_key>k</api_key><options>" + options + "</options>");
  };
  const auto dirs = [&] {
    std::string out;
    for (const Settings& one : settings_of_blocks(Env::real(), routes(), loaded())) {
      out += one.spool_dir + " ";
    }
    return out;
  };
  const std::string usual = path() + "/queue/w2thive ";
  CHECK(dirs() == usual);  // no file
  conf(with("{}") + with(R"({"organisation":"b"})") + with(R"({"spool_dir":"/srv/b"})") +
       with(R"({"log_file":"/srv/log"})"));
  CHECK(dirs() == usual + "/srv/b " + usual);
  conf(block("", "slack"));
  CHECK(dirs() == usual);
}

TEST_CASE_METHOD(Fixture, "the lowest level of the blocks is the least where none is configured") {
  const auto level = [&](const std::string& config) {
    Loaded out = loaded(config);
    apply_block_level(Env::real(), conf_path(), out);
    return std::to_string(out.settings.mapping.min_level) + " " +
           out.settings.mapping.min_level_from;
  };
  CHECK(level("{}") == "0 ");
  conf(block("<level>9</level>") + block("<level>1</level>", "slack") + block("<level>7</level>"));
  CHECK(level("{}") == "7 the block's <level> (" + conf_path() + ":10)");
  CHECK(level(R"({"min_level":3})") == "3 ");
  conf(block("<level>9</level>") + block(""));
  CHECK_THAT(level("{}"), Catch::StartsWith("0 the block's <level> ("));
  // No alert has such a level.
  conf(block("<level>4294967295</level>"));
  CHECK_THAT(level("{}"), Catch::StartsWith("17 "));
  conf(block("<level>5</level>", "slack"));
  CHECK(level("{}") == "0 ");
}

}  // namespace socbridge::integration
