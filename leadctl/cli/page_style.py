"""How a page looks: light and dark, on a narrow screen, on paper."""

from __future__ import annotations

STYLE = """
:root{--page:#f3f4f6;--tile:#fff;--text:#1c2127;--soft:#535b66;--line:#d5d9df;--bar:#2f6db5;
--focus:#0b57d0}
@media screen and (prefers-color-scheme:dark){:root{--page:#14171b;--tile:#1f242a;--text:#e8eaed;
--soft:#aab2bd;--line:#3a424c;--bar:#7db3ee;--focus:#a8c7fa}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1.25rem;background:var(--page);color:var(--text);
font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
overflow-wrap:anywhere}
h1{margin:0;font-size:1.6rem;line-height:1.25}
h2{margin:0 0 .5rem;font-size:1.1rem;line-height:1.3}
h3{margin:.9rem 0 .25rem;font-size:.95rem}
header{margin-bottom:1.25rem}
dl{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;margin:.35rem 0 0;color:var(--soft)}
dl div{display:flex;flex-wrap:wrap;gap:.4rem}
dd{margin:0;color:var(--text)}
.tiles{columns:24rem;column-gap:1rem}
.tiles section{break-inside:avoid}
section{margin-bottom:1rem}
.columns{display:grid;gap:1rem;align-items:start;
grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
.columns section{margin:0}
section{min-width:0;padding:1rem;background:var(--tile);border:1px solid var(--line);
border-radius:.5rem}
.halves{display:grid;gap:0 1.5rem;align-items:start;
grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
.figure{margin:0;font-size:2rem;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.soft,.id{color:var(--soft)}
p{margin:.25rem 0}
p.soft{font-size:.875rem}
ul{margin:.5rem 0 0;padding:0;list-style:none}
li{display:flex;gap:.5rem;padding:.3rem 0;border-top:1px solid var(--line)}
.id{font-variant-numeric:tabular-nums;overflow-wrap:normal}
figure{margin:.25rem 0 .75rem}
figcaption{color:var(--soft);font-size:.875rem}
svg{display:block;width:100%;max-width:27.5rem;height:auto}
svg .background{fill:none}
svg .rect{fill:var(--bar)}
svg text{fill:var(--text);font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
svg .axis text{text-anchor:end}
svg .axis .line{stroke:var(--line);fill:none}
.scroll{position:relative;overflow-x:auto;overflow-wrap:break-word}
.scroll:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
table{width:100%;border-collapse:collapse;font-size:.8125rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.3rem .45rem .3rem 0;border-top:1px solid var(--line);text-align:left;
vertical-align:top}
th:last-child,td:last-child{padding-right:0}
tbody th{font-weight:400}
thead th{border-top:0;border-bottom:1px solid var(--soft);vertical-align:bottom}
.number{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
td.number,td.date,tbody th.number,tbody th.date{white-space:nowrap}
@media(max-width:30rem){body{padding:.75rem}section{padding:.75rem}}
@media print{@page{margin:15mm}:root{--page:#fff;--bar:#555;--line:#aaa}
body{padding:0;max-width:none;font-size:10pt}
section,li,tr{break-inside:avoid}section{border-radius:0}.columns{gap:.6rem}
.scroll{overflow:visible}
svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""
