"""How much could reach South Korea without China, in ten lines."""

import supplynet as sn

net = sn.load("rare-earths")
result = sn.bypass(net, to="KOR", avoid="CHN", year=2030)

print(result.summary())
print(result.routes.head(10).to_string(index=False))
for member in result["Dy"].flow.cut[:5]:
    print(f"stops more Dy: {member.name}, {member.capacity:,.1f} {result['Dy'].unit}")
print("certified:", result.is_certified)
