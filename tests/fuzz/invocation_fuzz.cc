// Arguments separated by NUL bytes, as in /proc/PID/cmdline.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "wazuh/invocation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> args;
  if (!text.empty()) args = split(text, '\0');
  const wazuh::Invocation invocation = wazuh::parse_invocation(args);
  if (invocation.timeout_s < 1 || invocation.timeout_s > 3600) std::abort();
  constexpr std::size_t kShortest = 8;
  for (const std::string& remark : invocation.remarks) {
    if (remark.find('\n') != std::string::npos) std::abort();
    // No value of the command line may come back in a remark.
    if (invocation.key.reveal().size() >= kShortest &&
        remark.find(invocation.key.reveal()) != std::string::npos &&
        std::string_view("the arguments are shifted: remove blanks in and around <api_key> and "
                         "<hook_url>").find(invocation.key.reveal()) == std::string_view::npos) {
      std::abort();
    }
  }
  return 0;
}
