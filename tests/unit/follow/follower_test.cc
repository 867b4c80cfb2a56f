// SPDX-License-Identifier: Apache-2.0
// Documents of one shard, which answers searches as OpenSearch does.
#include "follow/follower.h"

#include <catch2/catch.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "json/value.h"
#include "state_index.h"

namespace socbridge::follow {
namespace {

using http::test::answer;

// `i-1` beside the state index: numbers 0 to `last`, of which every `each`-th matches.
class Indexer : public test::StateIndex {
 public:
  std::int64_t last = -1, each = 1;
  enum class State { open, closed, deleted } state = State::open;
  int searches = 0;
  // An answer that replaces that to search number n with this body; "": none.
  std::function<std::string(int, const std::string&)> instead = nullptr;

 private:
  static std::string hit(std::int64_t number) {
    const std::string text = std::to_string(number);
    return R"({"_index":"i-1","_id":"d)" + text + R"(","_source":{"n":)" + text + R"(},"sort":[)" +
           text + "]}";
  }

  std::string stats() const {
    std::string indices;
    if (state == State::open) {
      indices = R"("i-1":{"uuid":"u","shards":{"0":[{"routing":{"primary":true},)"
                R"("seq_no":{"max_seq_no":)" +
                std::to_string(last) + "}}]}}";
    }
    return answer("200 OK", R"({"_shards":{"total":1,"successful":1,"failed":0},"indices":{)" +
                                indices + "}}");
  }

  std::string search(const std::string& body) {
    ++searches;
    if (instead) {
      if (std::string other = instead(searches, body); !other.empty()) return other;
    }
    const auto document = json::Document::parse(body);
    const json::Value query = document->root()["query"]["bool"];
    std::int64_t from = query["filter"].at(0).path("range._seq_no.gt").integer().value_or(-1) + 1;
    const auto size = static_cast<std::size_t>(document->root()["size"].integer().value_or(0));
    std::string hits;
    std::size_t count = 0;
    for (; from <= last && count < size; ++from) {
      if (from % each != 0 || is_left_out(query["must_not"], from)) continue;
      hits += (count++ == 0 ? "" : ",") + hit(from);
    }
    return answer("200 OK", R"({"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},)"
                            R"("hits":{"hits":[)" +
                                hits + "]}}");
  }

  static bool is_left_out(json::Value ranges, std::int64_t number) {
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const json::Value range = ranges.at(i)["range"]["_seq_no"];
      if (number >= range["gte"].integer() && number <= range["lte"].integer()) return true;
    }
    return false;
  }

  std::string of_another(const std::string& line, const std::string& body) override {
    if (line.find("/i-%2A/_stats") != std::string::npos ||
        line.find("/i-*/_stats") != std::string::npos) {
      return stats();
    }
    if (line.find("/i-1/_stats") != std::string::npos) {
      if (state == State::deleted) {
        return answer("404 Not Found", R"({"error":{"type":"index_not_found_exception"}})");
      }
      if (state == State::closed) {
        return answer("400 Bad Request", R"({"error":{"type":"index_closed_exception"}})");
      }
      return stats();
    }
    if (line.find("/i-1/_search") != std::string::npos) return search(body);
    return {};
  }
};

struct Fixture {
  Indexer indexer;
  std::vector<std::string> stored;
  relay::EventLog log{[](relay::Level, const std::string&) {}, false};

  // One worker from start to end; whether each of its rounds succeeded.
  bool run(int rounds, std::int64_t late_ms = 60000) {
    FollowOptions options;
    options.connection.urls = {indexer.url()};
    options.parts = {{"i-*", opensearch::AlertForm::v4}};
    options.leases.worker = "a";
    options.http.max_response_bytes = 100000;
    options.late_ms = late_ms;
    Follower follower(
        std::move(options),
        [this](const std::vector<std::string_view>& documents) {
          for (const std::string_view one : documents) stored.emplace_back(one);
          return Status();
        },
        nullptr, log);
    bool whole = true;
    for (int i = 0; i < rounds; ++i) whole = follower.round().ok() && whole;
    follower.close();
    return whole;
  }
  std::size_t different() const { return std::set(stored.begin(), stored.end()).size(); }
};

}  // namespace

TEST_CASE("scattered matching documents: none is skipped and none comes twice") {
  Fixture f;
  f.indexer.last = 20000;
  f.indexer.each = 2;  // more ranges than a search can exclude
  REQUIRE(f.run(1));
  CHECK(f.stored.size() == 10001);
  CHECK(f.different() == 10001);
  f.indexer.last = 20100;
  REQUIRE(f.run(2));
  CHECK(f.stored.size() == 10051);
  CHECK(f.different() == 10051);
}

TEST_CASE("settled documents are not searched again") {
  Fixture f;
  f.indexer.last = 3000;
  f.indexer.each = 2;
  REQUIRE(f.run(2, 0));
  CHECK(f.different() == 1501);
  const int before = f.indexer.searches;
  REQUIRE(f.run(1, 0));
  CHECK(f.indexer.searches == before);
}

TEST_CASE("an index that is closed, or has no shard in place, is not read again from its start") {
  Fixture f;
  f.indexer.last = 50;
  REQUIRE(f.run(2, 0));
  CHECK(f.stored.size() == 51);
  f.indexer.state = Indexer::State::closed;
  REQUIRE(f.run(2, 0));
  f.indexer.state = Indexer::State::open;
  f.indexer.last = 60;
  REQUIRE(f.run(2, 0));
  CHECK(f.stored.size() == 61);
}

TEST_CASE("the cursor of a deleted index is removed") {
  Fixture f;
  f.indexer.last = 50;
  REQUIRE(f.run(2, 0));
  f.indexer.state = Indexer::State::deleted;
  REQUIRE(f.run(1, 0));
  CHECK(f.indexer.source("default.slice.0").find("\"uuid\":\"u\"") == std::string::npos);
}

TEST_CASE("a document that no answer can hold is skipped once, whatever the server says of it") {
  const auto page = [](const std::string& hits) {
    return answer("200 OK", R"({"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},)"
                            R"("hits":{"hits":[)" +
                                hits + "]}}");
  };
  const auto named = [](const char* number) {
    return std::string(R"({"_index":"i-1","_id":"d","sort":[)") + number + "]}";
  };
  const auto is_named = [](const std::string& body) {
    return body.find(R"("_source":false)") != std::string::npos;
  };
  const std::string large = page(R"({"_index":"i-1","_id":"d","_source":{"x":")" +
                                 std::string(200000, 'x') + R"("},"sort":[0]})");
  Fixture f;
  f.indexer.last = 3;
  SECTION("it is there") {
    f.indexer.instead = [&](int, const std::string& body) {
      if (is_named(body)) return page(named("0"));
      return body.find(R"({"gt":-1})") != std::string::npos ? large : std::string();
    };
    CHECK(f.run(1));
    CHECK(f.different() == 3);
  }
  SECTION("it stands still") {
    f.indexer.instead = [&](int, const std::string& body) {
      return is_named(body) ? page(named("0")) : large;
    };
    CHECK_FALSE(f.run(1));
    CHECK(f.stored.empty());
  }
  SECTION("it is gone") {
    f.indexer.instead = [&](int, const std::string& body) {
      return is_named(body) ? page("") : large;
    };
    CHECK_FALSE(f.run(1));
  }
  SECTION("numbers that no shard has") {
    f.indexer.instead = [&](int, const std::string&) {
      return page(named("9223372036854775807") + "," + named("18446744073709551615"));
    };
    CHECK_FALSE(f.run(1));
  }
  CHECK(f.indexer.searches < 20);
}

}  // namespace socbridge::follow
