namespace FusionKernels;

/// <summary>What pages share, a head and a style sheet: one column on a telephone, two and more on a desk, light and dark.</summary>
/// <remarks>Blue, bluish green and vermilion of Okabe and Ito's palette, told apart by every kind of colour vision; no figure is told by colour alone.</remarks>
internal static class PageStyle
{
    /// <summary>A page's text up to the begin of its body.</summary>
    /// <param name="title">What the page is about, escaped.</param>
    public static string Head(string title) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>FusionKernels: {title}</title>
        <style>{Sheet}</style>
        </head>
        <body>
        """;

    /// <summary>CSS.</summary>
    private const string Sheet = """

        :root{--paper:#fbfaf8;--card:#fff;--ink:#1d1f24;--soft:#5a606b;--line:#dfe1e6;--track:#eceef2;--single:#3f7fb3;--concat:#1f8a70;--fused:#c8500a;--none:#9aa0aa;--error:#a3231c}
        @media(prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1c1f25;--ink:#eceef2;--soft:#a2a9b5;--line:#333842;--track:#2a2e36;--single:#6fb1e4;--concat:#45c3a2;--fused:#f5873d;--none:#747b87;--error:#ff9d94}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1200px;margin:0 auto;padding:28px 16px 40px}
        h1{font-size:clamp(24px,4vw,36px);line-height:1.2;margin:0 0 10px;letter-spacing:-.01em;text-wrap:balance}
        h2{font-size:19px;line-height:1.3;margin:0 0 12px}
        p{margin:0}
        .lead{color:var(--soft);max-width:68ch;margin-bottom:16px}
        section{margin-top:36px}
        svg{display:block;width:100%;height:auto;overflow:visible}
        svg text{font-family:inherit;fill:var(--ink)}
        svg .soft{fill:var(--soft)}
        svg .samples{image-rendering:pixelated;mix-blend-mode:multiply}
        @media(prefers-color-scheme:dark){svg .samples{filter:invert(1);mix-blend-mode:screen}}
        .strip{max-width:420px}
        .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin-top:24px}
        .tile,figure{background:var(--card);border:1px solid var(--line);border-radius:12px}
        .tile{padding:14px 16px}
        .tile .title{font-size:14px;font-weight:600}
        .tile .figure{font-size:30px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
        .tile:first-child .figure{color:var(--fused)}
        .note,figcaption{font-size:13.5px;line-height:1.45;color:var(--soft)}
        figure{margin:0;padding:18px 18px 16px;min-width:0}
        figcaption{margin-top:12px}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:18px}
        .devices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:18px;align-items:start}
        .devices h3{font-size:16px;margin:0}
        .devices h3+svg{margin-top:10px}
        .devices .note{margin-bottom:10px}
        table{width:100%;border-collapse:collapse;font-size:14.5px;font-variant-numeric:tabular-nums}
        th,td{padding:6px 8px;text-align:right;border-bottom:1px solid var(--line);font-weight:400}
        thead th{color:var(--soft);font-size:13px}
        th[scope=row],th[scope=rowgroup],thead th:first-child{text-align:left;padding-left:0}
        td:last-child,th:last-child{padding-right:0}
        .group th{font-weight:650;padding-top:18px}
        .group span{font-weight:400;color:var(--soft)}
        .error{text-align:left;color:var(--error);overflow-wrap:anywhere}
        table+.note{margin-top:10px}
        .scroll{overflow-x:auto}
        .note+.scroll,.note+.devices{margin-top:10px}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0}
        dt{font-weight:600}
        dd{margin:0;color:var(--soft)}
        footer{margin-top:36px;padding-top:14px;border-top:1px solid var(--line);font-size:13.5px;color:var(--soft)}
        @media(max-width:820px){.pair{grid-template-columns:1fr}.tiles{grid-template-columns:1fr 1fr}}
        @media(max-width:600px){main{padding:20px 14px 32px}figure{padding:14px 14px 13px}.tile{padding:12px}.tile .figure{font-size:25px}.wide{display:none}table{font-size:13.5px}th,td{padding:6px 5px}.group th{padding-top:16px}dl{grid-template-columns:1fr}dt{margin-top:6px}}

        """;
}
