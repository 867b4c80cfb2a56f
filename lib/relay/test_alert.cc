#include "relay/test_alert.h"

#include "json/writer.h"

namespace socbridge::relay {

std::string make_test_alert(UnixMillis now_ms, int level, std::string_view nonce) {
  constexpr UnixMillis kMillisPerSecond = 1000;
  json::Writer w;
  w.begin_object();
  w.member("timestamp", format_utc(now_ms));
  w.key("rule");
  w.begin_object();
  w.member("level", level);
  w.member("description", "socbridge test alert: please ignore or delete");
  w.member("id", "100999");
  w.key("groups");
  w.begin_array();
  w.value("socbridge_test");
  w.end_array();
  w.end_object();
  w.key("agent");
  w.begin_object();
  w.member("id", "000");
  w.member("name", "socbridge");
  w.end_object();
  w.key("manager");
  w.begin_object();
  w.member("name", "socctl");
  w.end_object();
  w.member("id", std::to_string(now_ms / kMillisPerSecond) + "." + std::string(nonce));
  w.member("full_log", "This alert was made by `socctl alert test` to prove that alerts arrive.");
  w.member("location", "socctl");
  w.key("data");
  w.begin_object();
  w.member("srcip", "192.0.2.1");
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::relay
