// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::health {

// Colours of the states have a contrast of at least 4.5:1 in both schemes.
inline constexpr std::string_view kPageStyle = R"css(
:root{--bg:#fff;--card:#f6f8fa;--text:#1f2328;--dim:#59636e;--line:#d1d9e0;
--ok:#1a7f37;--skipped:#59636e;--unknown:#0969da;--degraded:#9a6700;--down:#cf222e}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#161b22;--text:#e6edf3;--dim:#9198a1;
--line:#3d444d;--ok:#3fb950;--skipped:#9198a1;--unknown:#58a6ff;--degraded:#d29922;--down:#f85149}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.45 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1rem}
.ok{--c:var(--ok)}.skipped{--c:var(--skipped)}.unknown{--c:var(--unknown)}
.degraded{--c:var(--degraded)}.down{--c:var(--down)}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem}
header p{margin:0 0 0 auto;color:var(--dim);font-size:.875rem;text-align:right}
h1,h2{margin:0;font-size:1.35rem;line-height:1.2}
h2{font-size:1.05rem}
.badge{display:inline-block;flex:none;align-self:flex-start;min-width:6.6rem;padding:.1rem .6rem;border:1px solid var(--c);
border-radius:1rem;color:var(--c);font-size:.875rem;white-space:nowrap}
figure{margin:1rem 0;text-align:center}
svg{width:100%;max-width:44rem;height:auto}
svg text{fill:var(--text);font-size:15px;text-anchor:middle}
svg .name{font-size:20px;font-weight:600}
svg rect{fill:var(--card);stroke:var(--c);stroke-width:3}
svg .node.skipped rect,svg .edge.skipped line{stroke-dasharray:6 5}
svg line{stroke:var(--c);stroke-width:3}
svg .edge text{text-anchor:start;fill:var(--dim);font-size:14px}
svg .edge text.left{text-anchor:end}
svg marker path{fill:var(--c)}
svg.strip rect{fill:var(--c);stroke:none}
svg.strip text{text-anchor:start}svg.strip .when{text-anchor:end;fill:var(--dim)}
details{margin:.6rem 0;background:var(--card);border:1px solid var(--line);
border-left:4px solid var(--c);border-radius:.4rem}
summary .badge,header .badge{align-self:center}
summary{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .8rem;padding:.6rem .8rem;
cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
.reason{color:var(--dim);flex:1 1 16rem;overflow-wrap:anywhere}
.facts{margin:0 .8rem;color:var(--dim);font-size:.875rem;overflow-wrap:anywhere}
ul{list-style:none;margin:.4rem 0;padding:0 .8rem}
li{display:flex;gap:.8rem;padding:.4rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
li:first-child{border-top:0}
.next{margin:.2rem 0 0;color:var(--dim)}
.next::before{content:"→ "}
@media(max-width:34rem){li{flex-direction:column;gap:.2rem}header p{margin:0;text-align:left}
svg text{font-size:16.5px}svg .name{font-size:22px}svg .edge text{font-size:17px}}
)css";

}  // namespace socbridge::health
