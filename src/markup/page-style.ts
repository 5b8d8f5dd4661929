/** Colours of texts hold a contrast of 4.5 on what is behind them, in light and in dark; a test reckons them. */
export const STYLE: string = `
:root{color-scheme:light dark;--text:#1b2130;--quiet:#566072;--faint:#d6dae1;--grid:#e8ebef;--paper:#fff;--soft:#f5f6f8;
--accent:#00609a;--good:#05603a;--good-paper:#e7f7ee;--bad:#a4161a;--bad-paper:#fdecec;--warn-paper:#fff8e6;--warn-edge:#d9a514}
@media (prefers-color-scheme:dark){@media screen{:root{--text:#e6e9ee;--quiet:#a3adbb;--faint:#3a4250;--grid:#2a313d;--paper:#12161d;
--soft:#1a2029;--accent:#6cc0f2;--good:#7fe0ad;--good-paper:#0c3021;--bad:#ff9c9c;--bad-paper:#3a1416;--warn-paper:#2e2506;--warn-edge:#8a6a0a}}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--text);font:15px/1.6 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
a{color:var(--accent)}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem}
.page{display:grid;grid-template-columns:12rem minmax(0,58rem);gap:3rem;max-width:75rem;margin:0 auto;padding:2.2rem 1.8rem 4rem}
nav{position:sticky;top:1.6rem;align-self:start;font-size:13px}
nav ol{list-style:none;margin:.5rem 0 0;padding:0}
nav a{display:block;padding:.2rem 0 .2rem .8rem;color:var(--quiet);text-decoration:none;border-left:2px solid var(--faint)}
nav a:hover,nav a:focus{color:var(--accent);border-color:var(--accent)}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em;margin:0 0 .3rem;overflow-wrap:anywhere}
h2,nav a{overflow-wrap:anywhere}
h2{font-size:1.35rem;letter-spacing:-.01em;margin:3rem 0 .7rem;padding-top:1rem;border-top:1px solid var(--faint)}
h3{font-size:1rem;margin:1.6rem 0 .4rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);margin:0;padding:0;border:0}
.subtitle,.small,figcaption{color:var(--quiet)}
.small{font-size:13px;margin:.4rem 0 1rem}
.lead{font-size:1.13rem;line-height:1.55;margin:1.1rem 0}
p{margin:.6rem 0;max-width:46rem}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--soft);border:1px solid var(--faint);border-radius:8px;padding:.8rem 1rem;overflow:auto;white-space:pre-wrap;position:relative}
.badges{list-style:none;margin:1rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.45rem}
.badges li{border:1px solid var(--faint);background:var(--soft);border-radius:99px;padding:.1rem .75rem;font-size:13px;overflow-wrap:anywhere}
.badges .good{color:var(--good);background:var(--good-paper);border-color:var(--good)}
.badges .bad{color:var(--bad);background:var(--bad-paper);border-color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.7rem;margin:1.4rem 0}
.tiles div{border:1px solid var(--faint);border-radius:8px;padding:.6rem .8rem;display:flex;flex-direction:column-reverse}
.tiles dd{margin:0;font-size:1.45rem;line-height:1.25;letter-spacing:-.02em;font-weight:600}
.tiles dt{font-size:12.5px;color:var(--quiet)}
.quote{background:var(--soft);border-left:3px solid var(--accent);border-radius:0 8px 8px 0;padding:.5rem 1.1rem}
.warning{background:var(--warn-paper);border:1px solid var(--warn-edge);border-radius:8px;padding:.7rem 1rem;margin:1rem 0;font-size:14px}
.warning ul{margin:.3rem 0 0;padding-left:1.2rem}
.table{overflow-x:auto;margin:1.2rem 0 .4rem}
table{border-collapse:collapse;font-size:13.5px;min-width:50%}
caption{text-align:left;caption-side:top;color:var(--quiet);font-size:13px;padding-bottom:.35rem}
caption span{position:sticky;left:0;display:inline-block;max-width:calc(100vw - 2rem)}
caption strong,figcaption strong{color:var(--text)}
th,td{text-align:right;padding:.32rem .7rem;vertical-align:baseline;white-space:nowrap}
td:has(strong){white-space:normal}
th.text,td.text{text-align:left;white-space:normal}
td code{overflow-wrap:normal}
tbody th.text{min-width:6rem}
thead th{white-space:normal;font-weight:600;border-bottom:1.5px solid var(--text);vertical-align:bottom}
tbody th{font-weight:400}
tbody th,tbody td{border-bottom:1px solid var(--grid)}
.heat{background:color-mix(in srgb,var(--accent) calc(var(--heat)*.45),transparent)}
td svg,th svg{display:inline-block;vertical-align:middle;margin-left:.5rem}
td.text svg{margin:0 .6rem 0 0}
svg.swatch{margin:0 .5rem 0 0;vertical-align:-1px}
figure{margin:1.3rem 0}
figcaption{font-size:13px;max-width:46rem;margin-top:.5rem}
.pictures{display:grid;gap:.9rem}
.pictures.n2{grid-template-columns:1fr 1fr}
.pictures.n3{grid-template-columns:1fr 1fr 1fr}
.pictures svg{display:block;max-width:100%;height:auto}
details{margin:.9rem 0}
summary{cursor:pointer;color:var(--accent);font-size:14px}
.tools{display:flex;gap:.4rem;margin:.2rem 0 .8rem}
.tools button{font:inherit;font-size:12px;padding:.1rem .6rem;border:1px solid var(--faint);border-radius:6px;background:var(--soft);color:var(--text);cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media screen and (max-width:60rem){.page{display:block;padding:1.2rem 1rem 3rem}nav{position:static;margin-bottom:1.5rem}
nav ol{display:flex;flex-wrap:wrap;gap:.2rem .8rem}nav a{border:0;padding:0;text-decoration:underline}
td.text{min-width:8rem}.pictures.n2,.pictures.n3{grid-template-columns:1fr}
.pictures{overflow-x:auto}.pictures svg[width="900"]{max-width:46rem}h1{font-size:1.6rem}}
@page{margin:16mm}
@media print{body{font-size:10pt}td code{overflow-wrap:anywhere}.page{display:block;max-width:none;padding:0}nav,.tools,.skip{display:none}
h2,h3,caption{break-after:avoid}figure,tr,.quote,.tiles,.warning,pre{break-inside:avoid}.table{overflow:visible}
thead,tbody tr:first-child{break-after:avoid}tbody tr:first-child{break-before:avoid}
.tiles{grid-template-columns:repeat(auto-fit,minmax(5.6rem,1fr))}td svg,td.text svg{display:block;margin:.15rem 0 0 auto}td.text svg{margin:0}td.text{min-width:5.2rem}
table{font-size:8.5pt;max-width:100%}th,td{white-space:normal;padding:.22rem .45rem}a{color:inherit;text-decoration:none}}
`.trim();
