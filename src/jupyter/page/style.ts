import { STYLE } from "../../markup/page-style.js";

/** Of pages of notebooks, after the style of every page. Colours of code hold a contrast of 4.5, as those of texts do. */
export const NOTEBOOK_STYLE: string = `${STYLE}
:root{--keyword:#7a1fa2;--string:#1b6b3a;--number:#a13d00;--comment:#5f6b7a;--name:#00558a}
@media (prefers-color-scheme:dark){@media screen{:root{--keyword:#d8a5f5;--string:#8fd6a6;--number:#f0a878;--comment:#94a0b0;--name:#8ccbf2}}}
.page.single{grid-template-columns:minmax(0,58rem);justify-content:center}
nav .l3{padding-left:1.8rem}
main>section,.cell{margin:0 0 1.1rem}
.cell.text>:first-child{margin-top:0}
.cell h2,.cell h3{overflow-wrap:anywhere}
.text table{min-width:0}.text th,.text td{text-align:left;white-space:normal}
.text blockquote{border-left:3px solid var(--faint);margin:.6rem 0;padding:.1rem 1rem;color:var(--quiet)}
main ul,main ol{max-width:46rem}
.code{margin:.4rem 0}
.report .mute,.report .mute .code{margin:.1rem 0}
.source{position:relative}.source pre{padding-right:3rem}
.source .prompt{position:absolute;right:.6rem;top:.3rem;font-size:11px;color:var(--quiet)}
pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;margin:.4rem 0}
pre code{font-size:inherit}
pre.printed{background:none;border:0;border-left:3px solid var(--faint);border-radius:0;padding:.1rem .8rem;max-height:40rem}
pre.printed.bad{border-color:var(--bad)}
.output{margin:.6rem 0;overflow-x:auto}
.output img,.output video,.output>svg,.text img{max-width:100%;height:auto;border-radius:4px}
.output img{background:#fff}
.output figure{margin:.6rem 0}
.output .table{margin:.6rem 0}
.output table{min-width:0}
.hashes td:last-child{font:11px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1.2rem;margin:.4rem 0;font-size:13.5px}
dl.facts dt{color:var(--quiet)}dl.facts dd{margin:0;overflow-wrap:anywhere}
.box{border:1px solid var(--faint);background:var(--soft);border-radius:8px;padding:.7rem 1rem;margin:1.2rem 0}
.failed{border:1px solid var(--bad);background:var(--bad-paper);color:var(--bad);border-radius:8px;padding:.7rem 1rem;margin:1.2rem 0;overflow-wrap:anywhere}
.failed a{color:inherit}
.k,.kc,.kd,.kn,.kr,.ow{color:var(--keyword)}.s,.s1,.s2,.sb,.sr,.dl{color:var(--string)}
.m,.mi,.mf,.mh,.mb,.mo{color:var(--number)}.c,.c1,.cm,.ch{color:var(--comment);font-style:italic}.nf,.kt,.nc,.nb{color:var(--name)}
.ansi-bold{font-weight:700}.ansi-red{color:var(--bad)}.ansi-green{color:var(--good)}.ansi-blue,.ansi-cyan{color:var(--accent)}
.ansi-yellow{color:var(--number)}.ansi-magenta{color:var(--keyword)}
@page wide{size:landscape}
@media print{pre{font-size:8pt;max-height:none}pre.printed{max-height:none}.source pre{break-inside:auto}
.report .code:not([open]),.held,video{display:none}.output{overflow:visible}.output img,.text img{max-height:225mm}
.output img,.output .table:not(:has(tr:nth-child(16))){break-inside:avoid}.output thead{break-after:avoid}.hashes td:last-child{font-size:6.5pt}
.output table{font-size:clamp(3.5pt,calc(172mm / var(--ems)),8.5pt)}
.output td,.output th{padding:.2em .5em;overflow-wrap:break-word}.output th{overflow-wrap:anywhere}
.output .wide{page:wide}.output .wide table{font-size:clamp(3.5pt,calc(255mm / var(--ems)),8.5pt)}.cell.text h2,.cell.text h3{break-after:avoid}}
`.trim();
