// SPDX-License-Identifier: Apache-2.0
#include "mapping/collector.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

// A collector for the alert of one agent, with explanations.
struct Fixture {
  explicit Fixture(const std::string& agent = "{}", const std::string& more = "")
      : alert(parse(R"({"rule":{"level":5,"id":"1"},"agent":)" + agent + more + "}")) {}
  Collector& get() {
    if (!collector) collector.emplace(alert, options, &why);
    return *collector;
  }
  bool offer(std::string_view type, std::string_view text, std::string_view path = "x") {
    return get().offer({"data", path}, type, text);
  }
  std::string last_reason() { return why.empty() ? "" : why.back().rule; }

  wazuh::Alert alert;
  Options options;
  std::vector<Explanation> why;
  std::optional<Collector> collector;
};

}  // namespace

TEST_CASE("the positions of a value are reported separately as a whole") {
  Fixture fixture;
  CHECK(fixture.offer("ip", "203.0.113.9", "srcip"));
  CHECK(fixture.offer("ip", "203.0.113.9", "src"));  // a part of the first
  CHECK(fixture.offer("ip", "203.0.113.9", "srcip"));
  const auto all = fixture.get().take().observables;
  REQUIRE(all.size() == 1);
  CHECK(all[0].message == "From data.srcip, data.src");
}

TEST_CASE("five paths are named, the others are counted") {
  Fixture fixture;
  for (int i = 0; i < 5; ++i)
    fixture.offer("ip", "203.0.113.9", std::string(1, static_cast<char>('a' + i)));
  fixture.offer("ip", "203.0.113.9", "c");
  Collector five = fixture.get();
  CHECK(five.take().observables[0].message == "From data.a, data.b, data.c, data.d, data.e");
  fixture.offer("ip", "203.0.113.9", "f");
  fixture.offer("ip", "203.0.113.9", "g");
  CHECK(fixture.get().take().observables[0].message ==
        "From data.a, data.b, data.c, data.d, data.e and 2 more");
}

TEST_CASE("equal values of two types are two; tags and ioc come together") {
  Fixture fixture;
  const Source feed{"data.x", "filename", {"feed", "bad"}, true};
  fixture.offer("filename", "same", "a");
  fixture.offer("url-like", "same", "b");
  CHECK(fixture.get().offer({"", "data.x", &feed}, "filename", "same"));
  CHECK(fixture.get().offer({"", "data.x", &feed}, "filename", "same"));
  const auto all = fixture.get().take().observables;
  REQUIRE(all.size() == 2);
  CHECK(all[0].tags == std::vector<std::string>{"feed", "bad"});
  CHECK(all[0].ioc);
  CHECK(all[0].message == "From data.a, data.x");
  CHECK_FALSE(all[1].ioc);
}

TEST_CASE("the agent's own address and names are not observables") {
  Fixture fixture(R"({"name":"Web-01.corp.example","ip":"203.0.113.7"})",
                  R"(,"predecoder":{"hostname":"fw-9"},
                 "data":{"win":{"system":{"computer":"PC-77.corp.example"}}})");
  CHECK_FALSE(fixture.offer("ip", "203.0.113.7"));
  CHECK_FALSE(fixture.offer("ip", "203.0.113.7:514"));
  CHECK(fixture.last_reason() == "data.x dropped: the agent itself");
  CHECK_FALSE(fixture.offer("hostname", "WEB-01.CORP.example"));
  CHECK_FALSE(fixture.offer("domain", "web-01.corp.example"));
  CHECK_FALSE(fixture.offer("hostname", "FW-9"));
  // The first label alone, if only one machine has it.
  CHECK_FALSE(fixture.offer("hostname", "PC-77"));
  CHECK_FALSE(fixture.offer("host", "fw-9"));
  CHECK(fixture.offer("domain", "fw-9.evil.example"));
  CHECK(fixture.offer("ip", "203.0.113.8"));
  CHECK(fixture.get().is_own_host("web-01.corp.example"));
  CHECK_FALSE(fixture.get().is_own_host("evil.example"));
}

TEST_CASE("an agent's IPv6 address is recognised in every spelling") {
  Fixture fixture(R"({"name":"a","ip":"2001:0DB8:0000:0000:0000:0000:0000:0007"})");
  CHECK_FALSE(fixture.offer("ip", "2001:db8::7"));
  CHECK_FALSE(fixture.offer("ip", "[2001:DB8::7]:443"));
  CHECK(fixture.offer("ip", "2001:db8::8"));
  // A value that is not an address is compared unchanged, and an agent without one owns none.
  Fixture any(R"({"ip":"any"})");
  CHECK(any.offer("ip", "203.0.113.7"));
}

TEST_CASE("a first label that many machines have is not the agent's") {
  Fixture fixture(R"({"name":"web"})");
  CHECK_FALSE(fixture.offer("hostname", "web"));
  CHECK(fixture.offer("hostname", "web.lan"));
  Fixture distinct(R"({"name":"dc-01"})");
  CHECK_FALSE(distinct.offer("hostname", "dc-01.lan"));
  CHECK_FALSE(distinct.offer("host", "dc-01.example.org"));
}

TEST_CASE("collector: own names are kept if configured") {
  const std::string agent = R"({"name":"web-01","ip":"203.0.113.7"})";
  Fixture kept(agent);
  kept.options.keep_noise.add(Noise::own_agent);
  CHECK(kept.offer("ip", "203.0.113.7"));
  CHECK_FALSE(kept.get().is_own_host("web-01"));
  Fixture own(agent);
  own.options.agent_observables = true;
  CHECK(own.offer("hostname", "web-01"));
}

TEST_CASE("noise of the value and of its place, unless a configured row asks for it") {
  Fixture fixture;
  CHECK_FALSE(fixture.offer("username", "PC9$"));
  CHECK(fixture.last_reason() == "data.x dropped: a machine account");
  Origin group{"data", "x"};
  group.noise = Noise::group_names;
  CHECK_FALSE(fixture.get().offer(group, "username", "admins"));
  const Source row{"data.x", "username", {}, false};
  CHECK(fixture.get().offer({"data", "x", &row}, "username", "PC9$"));
  Fixture kept;
  kept.options.keep_noise.add(Noise::group_names);
  CHECK(kept.get().offer(group, "username", "admins"));
  // A value's own noise comes first, so that both have to be kept.
  CHECK_FALSE(kept.get().offer(group, "username", "PC9$"));
}

TEST_CASE("placeholders are dropped in silence, other refusals are explained") {
  Fixture fixture;
  CHECK_FALSE(fixture.offer("ip", "-"));
  CHECK(fixture.why.empty());
  CHECK_FALSE(fixture.offer("ip", "127.0.0.1"));
  CHECK(fixture.last_reason() == "data.x dropped: loopback, link-local or reserved address");
  // A value that only its content suggested and that is not an observable needs no explanation.
  const std::size_t before = fixture.why.size();
  Origin guess{"data", "x"};
  guess.found_by = "found by content";
  CHECK_FALSE(fixture.get().offer(guess, "ip", "127.0.0.1"));
  CHECK(fixture.why.size() == before);
  CHECK(fixture.get().offer(guess, "ip", "203.0.113.9"));
  CHECK(fixture.last_reason() == "data.x is ip, found by content");
}

TEST_CASE("types that the platform lacks are replaced, with a tag for the original type") {
  Fixture fixture;
  fixture.options.data_types = {{"username", "other"}, {"ip", "ip"}};
  fixture.offer("username", "ana");
  fixture.offer("ip", "203.0.113.9");
  const auto all = fixture.get().take().observables;
  REQUIRE(all.size() == 2);
  CHECK(all[0].data_type == "other");
  CHECK(all[0].tags == std::vector<std::string>{"type:username"});
  CHECK(all[1].tags.empty());
}

TEST_CASE("a value is truncated to TheHive's limit") {
  Fixture fixture;
  CHECK(fixture.offer("filename", std::string(5000, 'x')));
  const auto all = fixture.get().take().observables;
  CHECK(all[0].data.size() == thehive::limits::kData + 2);  // an ellipsis of 3 bytes
  CHECK(all[0].data.ends_with("x…"));
}

TEST_CASE("beyond the maximum observables are counted, known ones are not") {
  Fixture fixture;
  fixture.options.max_observables = 1;
  CHECK(fixture.offer("ip", "203.0.113.1"));
  fixture.offer("ip", "203.0.113.2");
  fixture.offer("ip", "203.0.113.1", "y");
  const Extracted out = fixture.get().take();
  CHECK(out.observables.size() == 1);
  CHECK(out.left_out == 1);
  CHECK(out.observables[0].message == "From data.x, data.y");
}

TEST_CASE("no more than 20000 values of an alert are examined") {
  Fixture fixture;
  std::string list;
  for (int i = 0; i < 1000; ++i) list += "127.0.0.1,";
  for (int i = 0; i < 19; ++i) fixture.offer("ip", list);
  CHECK_FALSE(fixture.get().exhausted());
  CHECK(fixture.offer("ip", "203.0.113.9"));
  fixture.offer("ip", list);
  CHECK(fixture.get().exhausted());
  CHECK_FALSE(fixture.offer("ip", "203.0.113.10"));
  CHECK_FALSE(fixture.get().may_add_from_text());
}
