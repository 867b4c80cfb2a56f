#include "health/canary_alert.h"

#include "json/writer.h"

namespace socbridge::health {

std::string canary_alert(UnixMillis now_ms, int level, std::string_view address,
                         std::string_view nonce) {
  constexpr UnixMillis kMillisPerSecond = 1000;
  json::Writer w;
  w.begin_object();
  w.member("timestamp", format_utc(now_ms));
  w.key("rule");
  w.begin_object();
  w.member("level", level);
  w.member("description", "socbridge canary: it takes itself away, please ignore");
  w.member("id", "100998");
  w.key("groups");
  w.begin_array();
  w.value("socbridge_canary");
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
  w.member("full_log", "This alert was made by `socctl health --canary`.");
  w.member("location", "socctl");
  w.key("data");
  w.begin_object();
  w.member("srcip", address);
  w.end_object();
  w.end_object();
  return std::move(w).take() + "\n";
}

}  // namespace socbridge::health
