// SPDX-License-Identifier: Apache-2.0
#include "setup/user_key.h"

#include <catch2/catch.hpp>

#include "setup/key_file.h"
#include "support/temp_dir.h"

using namespace socbridge;
using setup::StepState;

namespace {

// A product with one user.
struct Product {
  std::string key;
  bool shows = true;
  int made = 0;

  setup::UserKey about(const std::string& path) {
    setup::UserKey out;
    out.path = path;
    out.user = "bridge";
    out.has_key = !key.empty();
    out.opens = [this](const Secret& given) { return Result<bool>(given.reveal() == key); };
    out.read = [this] { return Result<Secret>(Secret(shows ? key : "")); };
    out.make = [this] {
      key = "made-" + std::to_string(++made);
      return Result<Secret>(Secret(key));
    };
    return out;
  }
};

}  // namespace

TEST_CASE("a user without a key gets one, once") {
  const test::TempDir dir;
  Product product;
  auto step = setup::plan_user_key(Env::real(), product.about(dir / "key"));
  CHECK(step.state == StepState::missing);
  REQUIRE(step.action().ok());
  CHECK(dir.read("key") == "made-1\n");
  CHECK(setup::plan_user_key(Env::real(), product.about(dir / "key")).state == StepState::present);
}

TEST_CASE("an existing key is read, not replaced") {
  const test::TempDir dir;
  Product product{"old"};
  auto step = setup::plan_user_key(Env::real(), product.about(dir / "key"));
  REQUIRE(step.action().ok());
  CHECK(dir.read("key") == "old\n");
  CHECK(product.made == 0);
  dir.write("key", "another\n");
  step = setup::plan_user_key(Env::real(), product.about(dir / "key"));
  CHECK(step.state == StepState::differs);
  CHECK(step.undo.empty());
  REQUIRE(step.action().ok());
  CHECK(dir.read("key") == "old\n");
}

TEST_CASE("a key that is not shown is replaced only if requested") {
  const test::TempDir dir;
  Product product{"old", false};
  auto step = setup::plan_user_key(Env::real(), product.about(dir / "key"));
  const Status status = step.action();
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.hint().find("--renew-key") != std::string::npos);
  CHECK(product.key == "old");
  auto key = product.about(dir / "key");
  key.renew = true;
  REQUIRE(setup::plan_user_key(Env::real(), key).action().ok());
  CHECK(dir.read("key") == "made-1\n");
}

TEST_CASE("an unreachable server is not an answer") {
  const test::TempDir dir;
  REQUIRE(setup::write_key_file(Env::real(), dir / "key", Secret("abc")).ok());
  Product product{"abc", false};
  auto key = product.about(dir / "key");
  key.opens = [](const Secret&) {
    return Result<bool>(Status::error(ExitCode::unreachable, "no answer"));
  };
  const auto step = setup::plan_user_key(Env::real(), key);
  CHECK(step.state == StepState::failed);
  CHECK(step.code == ExitCode::unreachable);
}

TEST_CASE("the key in the file is sent to no product that shows the key") {
  const test::TempDir dir;
  REQUIRE(setup::write_key_file(Env::real(), dir / "key", Secret("of-another-server")).ok());
  Product product{"abc"};
  auto key = product.about(dir / "key");
  bool sent = false;
  key.opens = [&](const Secret&) {
    sent = true;
    return Result<bool>(false);
  };
  CHECK(setup::plan_user_key(Env::real(), key).state == StepState::differs);
  key.has_key = false;
  CHECK(setup::plan_user_key(Env::real(), key).state == StepState::differs);
  CHECK_FALSE(sent);
}

TEST_CASE("no key is made that has no place") {
  const test::TempDir dir;
  Product product{"old", false};
  auto key = product.about(dir / "none/none/key");
  key.renew = true;
  CHECK_FALSE(setup::plan_user_key(Env::real(), key).action().ok());
  CHECK(product.key == "old");
  CHECK(product.made == 0);
}
