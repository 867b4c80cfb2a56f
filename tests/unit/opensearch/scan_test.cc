// SPDX-License-Identifier: Apache-2.0
// The scan against a server that answers searches like OpenSearch, with losses.
#include "opensearch/scan.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>

#include "json/value.h"
#include "json/writer.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"

namespace socbridge::opensearch {
namespace {

using http::test::answer;
using http::test::Peer;
using http::test::RawServer;

struct Document {
  std::int64_t time;
  std::string id;
  std::string content = "x";
  std::string name() const { return std::to_string(time) + "/" + id; }
};

// An index of one shard. Equal times come in a new order with each answer.
class Index {
 public:
  explicit Index(std::vector<Document> documents) : documents_(std::move(documents)) {}

  std::string url() const { return "http://" + server_.host_port(); }
  bool has_point_in_time = true;
  std::int64_t ends_after = 0;  // searches until a point in time is lost; 0: never
  int searches = 0, points = 0, closed = 0;
  std::size_t most_asked = 0;
  std::function<std::string(int)> instead = nullptr;  // an answer to search number n, or ""

 private:
  std::string handle(const std::string& request) {
    const std::string line = request.substr(0, request.find("\r\n"));
    const std::size_t body_at = request.find("\r\n\r\n");
    const std::string body = request.substr(body_at + 4);
    if (line.starts_with("GET")) return one(line);
    if (line.find("point_in_time") != std::string::npos) {
      if (line.starts_with("DELETE")) return ++closed, answer("200 OK", "{}");
      if (!has_point_in_time) return answer("400 Bad Request", R"({"error":"no handler found"})");
      point_searches_ = 0;
      return answer("200 OK", R"({"pit_id":"p)" + std::to_string(++points) +
                                  R"(","_shards":{"total":1,"successful":1,"failed":0}})");
    }
    if (line.find("_pit") != std::string::npos) {
      return answer("400 Bad Request", R"({"error":"no handler found"})");
    }
    return search(body);
  }

  std::string one(const std::string& line) {
    const std::size_t at = line.find("/_doc/") + 6;
    for (const Document& document : documents_) {
      if (line.substr(at, line.find(' ', at) - at) != http::url_encode(document.id)) continue;
      return answer("200 OK", hit(document, true));
    }
    return answer("404 Not Found", R"({"found":false})");
  }

  static std::string hit(const Document& document, bool with_source) {
    std::string out = R"({"_index":"i","_id":)" + json::quote(document.id);
    if (with_source) out += R"(,"_source":{"c":)" + json::quote(document.content) + "}";
    return out + R"(,"sort":[)" + std::to_string(document.time) + "," + json::quote(document.id) +
           "]}";
  }

  std::string search(const std::string& body) {
    if (instead) {
      if (std::string other = instead(++searches); !other.empty()) return other;
    }
    const auto parsed = json::Document::parse(body);
    const json::Value root = parsed->root();
    if (root["pit"].is_object() && ends_after > 0 && ++point_searches_ > ends_after) {
      return answer("404 Not Found",
                    R"({"error":{"type":"search_phase_execution_exception"},"status":404})");
    }
    const auto size = static_cast<std::size_t>(root["size"].integer().value_or(10));
    most_asked = std::max(most_asked, size);
    const bool by_id = root["sort"].size() > 1;
    std::stable_sort(documents_.begin(), documents_.end(), [&](const auto& a, const auto& b) {
      return a.time != b.time ? a.time < b.time : by_id && a.id < b.id;
    });
    const json::Value after = root["search_after"];
    std::string hits;
    std::size_t count = 0;
    for (const Document& document : documents_) {
      const bool is_after = after.size() == 0 || document.time > *after.at(0).integer() ||
                            (after.size() > 1 && document.time == *after.at(0).integer() &&
                             document.id > *after.at(1).string());
      if (!is_after || count == size) continue;
      hits += (count++ == 0 ? "" : ",") + hit(document, root["_source"].missing());
    }
    std::rotate(documents_.begin(), documents_.begin() + 1, documents_.end());
    return answer("200 OK", R"({"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},
      "hits":{"total":{"value":)" +
                                std::to_string(documents_.size()) + R"(},"hits":[)" + hits + "]}}");
  }

  std::vector<Document> documents_;
  std::int64_t point_searches_ = 0;
  RawServer server_{[this](Peer& peer) {
    for (;;) {
      const std::string request = peer.read_request();
      if (request.empty()) return;
      peer.send(handle(request));
    }
  }};
};

std::vector<Document> documents(std::size_t count, std::size_t a_moment) {
  std::vector<Document> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back({static_cast<std::int64_t>(1000 + i / a_moment), "d" + std::to_string(i)});
  }
  return out;
}

struct Read {
  std::vector<std::string> names;
  Status status;
  std::vector<std::string> failures;
  std::uint64_t total = 0, too_large = 0;
  bool complete(std::size_t count) const {
    return status.ok() && names.size() == count &&
           std::set<std::string>(names.begin(), names.end()).size() == count;
  }
};

using Fetch = ScanOptions::Fetch;

Read read_all(Index& index, std::size_t page_bytes, http::ClientOptions client = {},
              Fetch fetch = Fetch::when_needed) {
  http::Client http(std::move(client));
  ConnectionOptions options;
  options.urls = {index.url()};
  options.retry_for_ms = 3000;
  Connection connection(http, std::move(options));
  Scan scan(connection, {"i-*", "timestamp", {}, page_bytes, fetch});
  Read read;
  read.status = scan.open();
  Hit hit;
  while (read.status.ok()) {
    const auto more = scan.next(hit);
    read.status = more.status();
    if (!more.ok() || !*more) break;
    read.names.push_back(std::string(hit.time) + "/" + std::string(hit.id));
  }
  read.failures = scan.failures();
  read.total = scan.total();
  read.too_large = scan.too_large();
  return read;
}

}  // namespace

TEST_CASE("every document once, in the order of time, whatever shares a moment") {
  for (const std::size_t a_moment : {1U, 3U, 40U, 700U}) {
    INFO(a_moment);
    Index index(documents(1500, a_moment));
    const Read read = read_all(index, 3000);
    CHECK(read.complete(1500));
    CHECK(read.total == 1500);
    CHECK(std::is_sorted(read.names.begin(), read.names.end(), [](const auto& a, const auto& b) {
      return a.substr(0, 4) < b.substr(0, 4);
    }));
    CHECK(index.closed == 1);
  }
}

TEST_CASE("scan: page sizes are limited by bytes") {
  Index index(documents(3000, 1));
  CHECK(read_all(index, 3000).complete(3000));
  CHECK(index.most_asked <= 256);
  CHECK(read_all(index, 1 << 20).complete(3000));
  CHECK(index.most_asked > 1000);
}

TEST_CASE("more documents of equal time than a search may return are distinguished by their ids") {
  Index index(documents(10500, 10500));
  CHECK(read_all(index, 1 << 22).complete(10500));
  CHECK(index.most_asked == 10000);
}

TEST_CASE("a point in time that expires is created again, without loss or duplicates") {
  Index index(documents(1500, 3));
  index.ends_after = 2;
  CHECK(read_all(index, 3000).complete(1500));
  CHECK(index.points > 3);
}

TEST_CASE("a cluster without points in time is searched live") {
  Index index(documents(1500, 3));
  index.has_point_in_time = false;
  CHECK(read_all(index, 3000).complete(1500));
  CHECK(index.points == 0);
}

TEST_CASE("scan: answers that fail for a while") {
  FakeClock clock;
  Index index(documents(1500, 3));
  index.instead = [](int n) {
    if (n % 9 == 2) return answer("429 Too Many Requests", R"({"error":{"reason":"busy"}})");
    if (n % 11 == 4) return answer("503 Unavailable", R"({"error":{"reason":"starting"}})");
    return std::string();
  };
  CHECK(read_all(index, 3000).complete(1500));
}

TEST_CASE("missing shards are reported, and the others are read") {
  FakeClock clock;
  Index index(documents(5, 1));
  index.instead = [](int) {
    return answer("200 OK",
                  R"({"timed_out":false,"_shards":{"total":3,"successful":2,"failed":0},"hits":{
                  "total":{"value":1},"hits":[{"_index":"i","_id":"d","_source":{},"sort":[7]}]}})");
  };
  const Read read = read_all(index, 3000);
  CHECK(read.status.ok());
  CHECK(read.names == std::vector<std::string>{"7/d"});
  REQUIRE(read.failures.size() == 1);
  CHECK(read.failures[0] == "i-*: only 2 of 3 shards answered");
}

TEST_CASE("a document that is larger than an answer may be is skipped and reported") {
  std::vector<Document> given = documents(400, 20);
  given[210].content = std::string(300000, 'a');
  given[390].content = std::string(20000, 'b');
  Index index(given);
  http::ClientOptions client;
  client.max_response_bytes = 100000;
  const Read read = read_all(index, 3000, client);
  INFO(read.status.message() << read.names.size());
  CHECK(read.complete(399));
  CHECK(read.too_large == 1);
  REQUIRE(read.failures.size() == 1);
  CHECK(read.failures[0].find("d210 of i is larger") != std::string::npos);
}

TEST_CASE("scan: no index fits") {
  Index index({});
  index.instead = [](int) {
    return answer("200 OK", R"({"_shards":{"total":0,"successful":0},"hits":{"hits":[]}})");
  };
  http::Client http(http::ClientOptions{});
  ConnectionOptions options;
  options.urls = {index.url()};
  Connection connection(http, std::move(options));
  Scan scan(connection, {"i-*", "timestamp", {}, 3000});
  CHECK(scan.open().ok());
  CHECK(scan.no_index());
  Hit hit;
  const auto more = scan.next(hit);
  CHECK((more.ok() && !*more));
}

TEST_CASE("pages that are fetched ahead are the same") {
  FakeClock clock;
  std::vector<Document> given = documents(1500, 3);
  SECTION("always there") {}
  SECTION("with a document that is read alone") { given[700].content = std::string(20000, 'b'); }
  Index index(given);
  SECTION("points in time that end") { index.ends_after = 2; }
  SECTION("answers that fail for a while") {
    index.instead = [](int n) {
      return n % 5 == 2 ? answer("503 Unavailable", R"({"error":{"reason":"starting"}})") : "";
    };
  }
  http::ClientOptions client;
  client.max_response_bytes = 100000;
  const Read read = read_all(index, 3000, client, Fetch::ahead);
  CHECK(read.complete(1500));
  CHECK(index.closed >= 1);
}

TEST_CASE("an error of a page that is fetched ahead comes behind the page before it") {
  Index index(documents(1500, 3));
  index.instead = [](int n) {
    return n < 3 ? "" : answer("400 Bad Request", R"({"error":{"reason":"no"},"status":400})");
  };
  const Read read = read_all(index, 3000, {}, Fetch::ahead);
  CHECK_FALSE(read.status.ok());
  CHECK(read.names.size() == 256);
}

TEST_CASE("a scan that is left early waits for the page that is under way") {
  Index index(documents(1500, 3));
  http::Client http(http::ClientOptions{});
  ConnectionOptions options;
  options.urls = {index.url()};
  Connection connection(http, std::move(options));
  {
    Scan scan(connection, {"i-*", "timestamp", {}, 3000, Fetch::ahead});
    REQUIRE(scan.open().ok());
    Hit hit;
    REQUIRE(scan.next(hit).value());
  }
  CHECK(index.closed == 1);
}

// A page of `size` documents whose times begin with `first`.
std::string page_from(std::int64_t first, std::size_t size, std::int64_t step = 1) {
  std::string hits;
  for (std::size_t i = 0; i < size; ++i) {
    const std::int64_t time = first + static_cast<std::int64_t>(i) * step;
    hits += std::string(i == 0 ? "" : ",") + R"({"_index":"i","_id":"d)" + std::to_string(i) +
            R"(","_source":{},"sort":[)" + std::to_string(time) + "]}";
  }
  return answer("200 OK", R"({"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},
      "hits":{"total":{"value":1000},"hits":[)" +
                              hits + "]}}");
}

TEST_CASE("a server that makes no progress ends the scan") {
  Index index({});
  std::size_t most = 256;
  SECTION("the same page again") {
    index.instead = [](int) { return page_from(1000, 256); };
  }
  SECTION("pages that go back in time") {
    index.instead = [](int n) { return page_from(1000000 - 1000 * n, 256); };
  }
  SECTION("a page without order") {
    index.instead = [](int) { return page_from(1000, 256, -1); };
    most = 0;
  }
  SECTION("one moment without end") {
    index.instead = [](int) { return page_from(1000, PageSize::kMost, 0); };
    most = PageSize::kMost;
  }
  const Read read = read_all(index, std::size_t{8} << 20);
  CHECK(read.status.code() == ExitCode::refused);
  CHECK(read.status.message() ==
        "OpenSearch: the answer to a search is not in the order of its time");
  CHECK(read.names.size() == most);
  CHECK(index.searches < 20);
}

TEST_CASE("a single document is requested by its real id") {
  std::vector<Document> given = documents(3, 1);
  given[1].id = "a\"b\\c";
  given[1].content = std::string(20000, 'b');
  Index index(given);
  http::ClientOptions client;
  client.max_response_bytes = 10000;
  const Read read = read_all(index, 3000, client);
  CHECK(read.too_large == 1);  // it was found
  CHECK(read.names.size() == 2);
}

}  // namespace socbridge::opensearch
