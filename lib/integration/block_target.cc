// SPDX-License-Identifier: Apache-2.0
#include "integration/block_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "config/settings.h"
#include "http/ca_locations.h"
#include "http/url.h"

namespace socbridge::integration {
namespace {

constexpr int kConnectMs = 1000;

// An XML reference, which Wazuh does not decode.
bool has_entity(std::string_view text) {
  static constexpr std::array kEntities = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#"};
  for (const char* entity : kEntities) {
    if (text.find(entity) != std::string_view::npos) return true;
  }
  return false;
}

// 127.0.0.0/8, ::1 or localhost: the address to connect to.
bool loopback_address(const http::UrlParts& url, sockaddr_storage& out, socklen_t& size) {
  const auto* loopback4 = "127.0.0.1";
  in_addr v4{};
  in6_addr v6{};
  const std::string host = iequals(url.host, "localhost") ? loopback4 : url.host;
  constexpr std::uint32_t kNetwork = 127;
  constexpr unsigned kShift = 24;
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1 && ntohl(v4.s_addr) >> kShift == kNetwork) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(url.port);
    address.sin_addr = v4;
    std::memcpy(&out, &address, sizeof(address));
    size = sizeof(address);
    return true;
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (!bracketed || ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) != 1 ||
      !IN6_IS_ADDR_LOOPBACK(&v6)) {
    return false;
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(url.port);
  address.sin6_addr = v6;
  std::memcpy(&out, &address, sizeof(address));
  size = sizeof(address);
  return true;
}

// Whether a process listens there. Unclear results count as yes.
bool is_listening(const sockaddr_storage& address, socklen_t size) {
  const Fd fd(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return true;
  const auto* to = reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the interface of connect
  if (::connect(fd.get(), to, size) == 0) return true;
  if (errno != EINPROGRESS) return errno != ECONNREFUSED;
  pollfd ready{fd.get(), POLLOUT, 0};
  if (::poll(&ready, 1, kConnectMs) != 1) return true;
  int error = 0;
  socklen_t length = sizeof(error);
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error != ECONNREFUSED;
}

class TargetCheck {
 public:
  TargetCheck(Env& env, const BlockPlace& place, const wazuh::IntegrationBlock& block,
              const Loaded& own)
      : env_(env), place_(place), block_(block), own_(own) {}

  std::vector<TargetRemark> run() {
    if (const Status target = check_target(own_.settings, place_.home); !target.ok()) {
      const bool no_url = own_.settings.endpoint.url.empty();
      add(FindingState::error, no_url ? "hook_url" : "api_key", target.message(), target.hint());
    }
    url();
    ca();
    key();
    entities();
    return std::move(remarks_);
  }

 private:
  void add(FindingState state, std::string_view element, std::string message, std::string next) {
    remarks_.push_back({state, std::string(element), std::move(message), std::move(next)});
  }

  // Reports on the value of a key, which may also come from <options> or another file.
  void about(FindingState state, std::string_view key, std::string_view element,
             const std::string& message, std::string next) {
    const std::string origin = own_.values.origin(key);
    if (origin == "default") {
      add(state, element, message, std::move(next));
    } else if (origin.starts_with(place_.ossec_conf)) {
      add(state, "options", message, std::move(next));
    } else {
      add(state, "", origin + ": " + message, std::move(next));
    }
  }

  void url() {
    const auto url = http::parse_url(own_.settings.endpoint.url);
    if (!url.ok()) return;
    if (trim(block_.hook_url).find(' ') != std::string_view::npos) {
      add(FindingState::error, "hook_url", "a blank in <hook_url> splits it", "remove it");
    }
    path(url->tail);
    sockaddr_storage address{};
    socklen_t size = 0;
    if (url->explicit_port || !own_.settings.http.proxy.empty()) return;
    if (loopback_address(*url, address, size) && !is_listening(address, size)) {
      about(FindingState::error, "url", "hook_url",
            "the URL has no port, and nothing listens on " + url->host_port(),
            "add the port; TheHive's own is 9000");
    }
  }

  // TheHive may be served below a path, so a path that is neither a page nor the API is possible.
  void path(std::string_view tail) {
    if (tail.empty() || tail == "/") return;
    const std::string shown = "the URL has the path " + printable(tail, 60);
    const std::string_view last = tail.substr(tail.rfind('/') + 1);
    for (const std::string_view part : split(tail, '/')) {
      if (!iequals(part, "api")) continue;
      about(FindingState::error, "url", "hook_url",
            shown + ", which is TheHive's API: /api/v1 is appended to a base URL",
            "end it before /api");
      return;
    }
    if (last.find('.') != std::string_view::npos) {
      about(FindingState::error, "url", "hook_url",
            shown + ", a page: /api/v1 is appended to a base URL", "end it before the page");
      return;
    }
    about(FindingState::warning, "url", "hook_url",
          shown + ": valid only if TheHive is served below it", "check it with socctl alert test");
  }

  void ca() {
    if (!istarts_with(own_.settings.endpoint.url, "https://")) return;
    const http::TlsOptions& tls = own_.settings.http.tls;
    for (const std::string& path : {tls.ca_file, tls.ca_dir}) {
      if (path.empty()) continue;
      if (const auto info = env_.stat(path); !info.ok()) {
        about(FindingState::error, "ca_file", "hook_url", info.status().message(),
              "correct ca_file or ca_dir");
      }
    }
  }

  void key() {
    if (own_.values.origin("api_key").starts_with(place_.ossec_conf) && own_.key_file.empty()) {
      add(FindingState::error, "options",
          "api_key in <options>: every user can read the file in /tmp that integratord writes it "
          "to, "
          "and it takes precedence over <api_key>",
          "write <api_key>file:/var/ossec/etc/thehive.key</api_key>");
    }
  }

  // `&amp;` is not decoded, so a value with it has another meaning.
  void entities() {
    const Settings& settings = own_.settings;
    const std::array<std::pair<const char*, std::string_view>, 4> looked_up = {
        {{"organisation", settings.endpoint.organisation},
         {"url", settings.endpoint.url},
         {"ca_file", settings.http.tls.ca_file},
         {"proxy", settings.http.proxy}}};
    bool reported = false;
    for (const auto& [name, value] : looked_up) {
      if (!has_entity(value)) continue;
      reported = true;
      about(FindingState::error, name, "hook_url",
            std::string(name) + " holds a reference such as &amp;, which Wazuh does not decode",
            "write the character itself, or \\u0026 and \\u003c in JSON");
    }
    if (!reported && has_entity(block_.options)) {
      add(FindingState::warning, "options",
          "<options> holds a reference such as &amp;, which Wazuh does not decode",
          "write the character itself, or \\u0026 and \\u003c in JSON");
    }
    if (has_entity(block_.api_key.reveal()) && own_.key_file.empty()) {
      add(FindingState::error, "api_key",
          "<api_key> holds a reference such as &amp;, which Wazuh does not decode",
          "write the character itself, or the key into a file");
    }
    for (const auto& [name, value] :
         {std::pair("group", &block_.group), std::pair("event_location", &block_.event_location)}) {
      if (!has_entity(*value)) continue;
      add(FindingState::warning, name,
          "<" + std::string(name) +
              "> holds a reference such as &amp;, which Wazuh does not decode",
          "write the character itself");
    }
  }

  Env& env_;
  const BlockPlace& place_;
  const wazuh::IntegrationBlock& block_;
  const Loaded& own_;
  std::vector<TargetRemark> remarks_;
};

}  // namespace

std::vector<TargetRemark> check_block_target(Env& env, const BlockPlace& place,
                                             const wazuh::IntegrationBlock& block,
                                             const Loaded& own) {
  return TargetCheck(env, place, block, own).run();
}

}  // namespace socbridge::integration
