// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/event_factory.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.h"

namespace socbridge::sandbox::opencti {
namespace {

constexpr std::uint64_t kByte = 256;
constexpr std::uint64_t kMinuteMs = 60000;

// Makes events as long as real ones: most of the text does not concern the value.
constexpr char kOrigin[] =
    R"("origin":{"socket":"query","ip":"::ffff:10.0.4.17","user_id":"5a1f6f0e-1b52-4e0a-9a3d-0c6a7e4f2b11",)"
    R"("group_ids":["2f0f2d2c-7a55-4f35-8f0e-3f5f2f7e9c10"],"organization_ids":[],"user_metadata":{}})";

constexpr char kAuthor[] =
    R"({"data":{"id":"identity--e8bee170-9a53-5d5a-98a6-f3f4ceb1dc55","spec_version":"2.1","type":"identity",)"
    R"("extensions":{"extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba":{"extension_type":"property-extension",)"
    R"("id":"6f2b7c1e-9a2d-4d7c-8a5e-1f3c2b4d5e6f","type":"Organization"}},"name":"Example CTI Team",)"
    R"("identity_class":"organization"},"message":"creates a Organization `Example CTI Team`",)"
    R"("origin":{"referer":"init-dependencies"},"version":"4"})";

}  // namespace

Result<EventMaker> EventMaker::read(json::Value settings, std::uint64_t now_ms) {
  EventMaker out;
  const auto number = [&](const char* name, std::uint64_t& into, std::uint64_t least) {
    const json::Value value = settings[name];
    if (value.missing()) return true;
    const auto given = value.integer();
    if (!given || *given < static_cast<std::int64_t>(least)) return false;
    into = static_cast<std::uint64_t>(*given);
    return true;
  };
  if (!number("events", out.events, 0) || !number("hit_every", out.hit_every, 1) ||
      !number("hit_values", out.hit_values, 1) || !number("first_ms", out.first_ms, 1) ||
      !number("dependency_every", out.dependency_every, 1)) {
    return Status::error(ExitCode::bad_input, "stream.make has an invalid number");
  }
  if (out.first_ms == 0) out.first_ms = now_ms - kMinuteMs - std::min(out.events, now_ms / 2);
  return out;
}

std::string EventMaker::address(std::uint64_t n) const {
  const std::uint64_t k = is_hit(n) ? n / hit_every % hit_values : n;
  return fmt::format("{}.{}.{}.{}", is_hit(n) ? 45 : 11, k / kByte / kByte % kByte,
                     k / kByte % kByte, k % kByte);
}

std::string EventMaker::indicator_id(std::uint64_t n) {
  return fmt::format("indicator--00000000-0000-5000-8000-{:012x}", n);
}

void EventMaker::append_frames(std::uint64_t n, bool recovered, std::string& out) const {
  const std::uint64_t ms = first_ms + n;
  if (n % dependency_every == 0 && !recovered) {
    fmt::format_to(std::back_inserter(out), "id: {}-0\nevent: create\ndata: {}\n\n", ms, kAuthor);
  }
  const std::string value = address(n);
  const std::string time = format_utc(static_cast<UnixMillis>(ms));
  fmt::format_to(std::back_inserter(out), "id: {}-0\nevent: create\ndata: {{\"version\":\"4\",",
                 ms);
  if (recovered) {
    out += R"("origin":{"referer":"init-create"},)";
  } else {
    out += R"("type":"create","scope":"external",)";
    out += kOrigin;
    out += ',';
  }
  fmt::format_to(
      std::back_inserter(out),
      R"("message":"creates a Indicator `{1}`","data":{{"id":"{0}","spec_version":"2.1","type":"indicator","extensions":{{)"
      R"("extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba":{{"extension_type":"property-extension",)"
      R"("id":"00000000-0000-4000-8000-{3:012x}","type":"Indicator","created_at":"{2}","updated_at":"{2}","is_inferred":false,)"
      R"("creator_ids":["5a1f6f0e-1b52-4e0a-9a3d-0c6a7e4f2b11"],"labels_ids":["3c1a0d3e-6f0a-4d57-9c55-6a0b1c2d3e4f"],)"
      R"("created_by_ref_id":"6f2b7c1e-9a2d-4d7c-8a5e-1f3c2b4d5e6f","detection":false,"score":{4},"main_observable_type":"IPv4-Addr",)"
      R"("observable_values":[{{"type":"IPv4-Addr","value":"{1}"}}]}},)"
      R"("extension-definition--322b8f77-262a-4cb8-a915-1e441e00329b":{{"extension_type":"property-extension"}}}},)"
      R"("created":"{2}","modified":"{2}","revoked":false,"confidence":75,"lang":"en","labels":["c2"],)"
      R"("object_marking_refs":["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],)"
      R"("created_by_ref":"identity--e8bee170-9a53-5d5a-98a6-f3f4ceb1dc55","name":"{1}","description":"Seen by a sensor",)"
      R"("indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '{1}']","pattern_type":"stix","valid_from":"{2}",)"
      R"("valid_until":"2099-01-01T00:00:00.000Z","kill_chain_phases":[{{"kill_chain_name":"mitre-attack",)"
      R"("phase_name":"command-and-control"}}]}})",
      indicator_id(n), value, time, n, 50 + n % 50);
  if (!recovered) fmt::format_to(std::back_inserter(out), ",\"event_id\":\"{}-0\"", ms);
  out += "}\n\n";
}

}  // namespace socbridge::sandbox::opencti
