#pragma once

#include <string_view>

#include "mapping/address.h"
#include "mapping/kind.h"

namespace socbridge::mapping {

// `-`, `N/A`, `none`, `null`, `unknown`, `(null)`, `?` and the like, any case; also the empty text.
bool is_placeholder(std::string_view text);

// An address with the tag `private`, or dropped because of its scope.
Finding address_finding(Address address);

// Free text under a type: trimmed; control and bidi characters become visible escapes; longer than
// TheHive takes is dropped, because a cut value would be another value.
Finding text_finding(std::string_view type, std::string_view text);

// Without one pair of quotes around it, trimmed.
std::string_view unquoted(std::string_view text);

// `DOMAIN\user`, `user@realm`, `user(uid=0)` without the last part. Dropped: the accounts every Windows has (SYSTEM,
// LOCAL SERVICE, DWM-1 …) and machine accounts (`HOST$`). root and Administrator stay.
Finding username(std::string_view text);

Finding filename(std::string_view text);
// The program of a command line: `"C:\A B\x.exe" -k` and `C:\x.exe -k` give the path alone.
Finding image(std::string_view text);
// `HKEY_…`, `HKLM\…`, `HKCU\…`, `HKU\…`, `HKCR\…`, `HKCC\…`, `\REGISTRY\…`.
bool is_registry(std::string_view text);

// `CVE-2024-1234` in upper case.
Finding cve(std::string_view text);

}  // namespace socbridge::mapping
