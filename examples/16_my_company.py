"""What do the parts of a company rest on, and how long do its stocks last without a country?

The bill of materials is made up. With ``anonymous=True`` names, suppliers and amounts stay out of
what is written; what is not known stays open, and a part of a material that no graph is about is
listed as not covered.
"""

import supplynet as sn

parts = [
    sn.Part(part="Traction magnets", product="magnet-traction", country="JPN", stock_days=60),
    sn.Part(part="Auxiliary magnets", product="magnet-auto-auxiliary", plant="Shin-Etsu"),
    sn.Part(part="Cathode", product="cathode-nmc-mid", country="KOR", stock_days=30),
    sn.Part(part="Radar chip", element="Ga"),
    sn.Part(part="Harness", element="Cu"),
]
graphs = [sn.load(name) for name in ("rare-earths", "cobalt", "gallium-germanium")]
result = sn.company(graphs, parts=parts, avoid="CHN")
print(result.summary())

columns = ["part", "known_by", "direct", "traced", "traced_possibly", "weakest", "survives"]
print(result.to_frame()[columns].round(2).to_string(index=False))

print(result.to_frame("questions")[["part", "question", "reason"]].to_string(index=False))
assert result.certificate.ok

sn.report.of(result).write("dossier.html")  # or .md, .xlsx, .json
