// SPDX-License-Identifier: Apache-2.0
#include "delivery/breaker_state.h"

#include <catch2/catch.hpp>

#include "support/fault_env.h"
#include "support/temp_dir.h"

namespace socbridge::delivery {
using namespace socbridge::test;

namespace {

struct Fixture {
  Fixture() {
    home.folder("state");
    home.folder("tmp");
  }
  BreakerFile file(const std::string& key = "the-key", const std::string& url = "http://t") const {
    return BreakerFile(Env::real(), home.path(), {url, Secret(key), "org"});
  }
  std::string path() const {
    const auto names = Env::real().list_dir(home / "state");
    for (const std::string& name : *names) {
      if (name.starts_with("destination-")) return "state/" + name;
    }
    return "none";
  }
  TempDir home;
};

BreakerState sample(const BreakerFile& file) {
  BreakerState state = file.fresh({});
  state.state = "open";
  state.failures = 7;
  state.alert_failures = 3;
  state.since_ms = 1741938001037;
  state.until_ms = 1741938061037;
  state.open_ms = 60000;
  state.message = "503 from a proxy";
  return state;
}

}  // namespace

TEST_CASE("breaker state: a written file is read back") {
  const Fixture fixture;
  const BreakerFile file = fixture.file();
  CHECK_FALSE(file.read());
  const BreakerState state = sample(file);
  file.write(state);
  const auto read = file.read();
  REQUIRE(read);
  CHECK(read->state == "open");
  CHECK(read->failures == 7);
  CHECK(read->alert_failures == 3);
  CHECK(read->since_ms == state.since_ms);
  CHECK(read->until_ms == state.until_ms);
  CHECK(read->open_ms == 60000);
  CHECK(read->salt == state.salt);
  CHECK(read->tag == state.tag);
  CHECK(read->message == "503 from a proxy");
  CHECK(Env::real().list_dir(fixture.home / "tmp")->empty());
}

TEST_CASE("a destination is a URL and an organisation; the key is none of it") {
  const Fixture fixture;
  const BreakerFile one = fixture.file("a"), other_key = fixture.file("b"),
                    other_url = fixture.file("a", "http://u");
  CHECK(one.name() == "http://t\norg");
  one.write(sample(one));
  CHECK(other_key.read());
  CHECK_FALSE(other_url.read());
  CHECK(one.is_own_key(*one.read()));
  CHECK_FALSE(other_key.is_own_key(*one.read()));
}

TEST_CASE("a state keeps its salt while the key does not change") {
  const Fixture fixture;
  const BreakerFile file = fixture.file(), other = fixture.file("new-key");
  const BreakerState first = file.fresh({});
  const BreakerState again = file.fresh(first);
  CHECK(again.salt == first.salt);
  CHECK(again.tag == first.tag);
  const BreakerState changed = other.fresh(first);
  CHECK(changed.salt != first.salt);
  CHECK(other.is_own_key(changed));
  const BreakerState none = BreakerFile::without_key();
  CHECK_FALSE(BreakerFile::has_key(none));
  CHECK(BreakerFile::has_key(first));
  CHECK_FALSE(file.is_own_key(none));
  CHECK(file.fresh({}).salt != first.salt);
}

TEST_CASE("a message of any length and any bytes leaves a file that can be read") {
  const Fixture fixture;
  const BreakerFile file = fixture.file();
  BreakerState state = sample(file);
  std::string zero_width, widest, lines;
  for (int i = 0; i < 1000; ++i) {
    zero_width += "\u200b";  // each becomes \u{200b}
    widest += "\U000e0001";  // and \u{e0001}
    lines += "x\n\x01\xff ";
  }
  for (const std::string& message :
       {zero_width, widest, lines, std::string(5000, 'x'), std::string()}) {
    state.message = message;
    file.write(state);
    const auto read = file.read();
    REQUIRE(read);
    CHECK(read->state == "open");
    CHECK(read->message.find('\n') == std::string::npos);
  }
}

TEST_CASE("breaker state: the key is in no message") {
  const Fixture fixture;
  const BreakerFile file = fixture.file("s3cretkey");
  BreakerState state = sample(file);
  state.message = "header Bearer s3cretkey";
  file.write(state);
  CHECK(fixture.home.read(fixture.path()).find("s3cretkey") == std::string::npos);
}

TEST_CASE("numbers that cannot be are a damaged file; negative ones are written as 0") {
  const Fixture fixture;
  const BreakerFile file = fixture.file();
  BreakerState state = sample(file);
  state.failures = state.alert_failures = -5;
  state.since_ms = state.until_ms = state.open_ms = -1;
  file.write(state);
  const auto zeros = file.read();
  REQUIRE(zeros);
  CHECK(zeros->failures + zeros->alert_failures + zeros->since_ms + zeros->until_ms == 0);

  const auto with = [&](const std::string& numbers) {
    fixture.home.write(fixture.path(),
                       "socbridge-destination 2 open " + numbers + " salt tag\nwhy\n");
    return file.read().has_value();
  };
  CHECK(with("1 2 3 4 5"));
  CHECK(with("2048 1125899906842624 1125899906842624 1125899906842624 2048"));
  for (const char* numbers :
       {"2049 2 3 4 5", "1 2 3 4 2049", "1 1125899906842625 3 4 5", "1 2 1125899906842625 4 5",
        "1 2 3 1125899906842625 5", "-1 2 3 4 5", "1 2 3 4 x", "1 2 3 4", "1 2 3 4 5 6",
        "18446744073709551616 2 3 4 5", " 2 3 4 5"}) {
    CAPTURE(numbers);
    CHECK_FALSE(with(numbers));
  }
}

TEST_CASE("a file of another name, format or size is treated as absent") {
  const Fixture fixture;
  const BreakerFile file = fixture.file();
  file.write(sample(file));
  const std::string path = fixture.path();
  const auto holds = [&](const std::string& text) {
    fixture.home.write(path, text);
    return file.read().has_value();
  };
  CHECK(holds("socbridge-destination 2 open 1 2 3 4 5 s t\n"));
  for (const std::string& text :
       {std::string(), std::string("\n"),
        std::string("socbridge-destination 3 open 1 2 3 4 5 s t\n"),
        std::string("socbridge-due 2 open 1 2 3 4 5 s t\n"),
        std::string("socbridge-destination 2 open 1 2 3 4 5 s t"),
        "socbridge-destination 2 open 1 2 3 4 5 s t\n" + std::string(1 << 20, 'x') + "\n"}) {
    CAPTURE(text.substr(0, 60));
    CHECK_FALSE(holds(text));
  }
}

TEST_CASE("after any call that fails the state is the one before or the new one") {
  for (int fail_at = 1; fail_at < 5; ++fail_at) {
    FaultEnv env;
    for (const char* dir : {"/s", "/s/state", "/s/tmp"}) REQUIRE(env.mkdir(dir, 0700).ok());
    const BreakerFile file(env, "/s", {"http://t", Secret("k"), ""});
    BreakerState state = sample(file);
    file.write(state);
    state.failures = 8;
    env.reset();
    env.fail_at = fail_at;
    file.write(state);
    const int calls = env.calls;
    env.fail_at = 0;
    const auto read = file.read();
    CAPTURE(fail_at, calls);
    REQUIRE(read);
    CHECK(read->failures == (calls < fail_at ? 8 : 7));
    CHECK(env.names("/s/tmp").empty());
  }
}

TEST_CASE("the time of the last delivery is that of a file; without one it is unknown") {
  const Fixture fixture;
  const BreakerFile file = fixture.file();
  CHECK(file.delivered_ms() == 0);
  file.set_delivered_ms(1741938001000);
  CHECK(file.delivered_ms() == 1741938001000);
  CHECK(fixture.file("a", "http://u").delivered_ms() == 0);
  FaultEnv env;
  const BreakerFile nowhere(env, "/none", {"http://t", Secret("k"), ""});
  nowhere.set_delivered_ms(1);
  CHECK(nowhere.delivered_ms() == 0);
}

}  // namespace socbridge::delivery
