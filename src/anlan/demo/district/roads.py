"""The road graph: one crossing a village, joined to its neighbours, slower in the mountains."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from anlan.demo.district.ground import Floats, lonlat
from anlan.demo.district.rows import District

WINDING = 1.25  # a road is longer than the straight line
SHORTCUT = 1.15  # an extra link is kept when its length is under this share of the median
FAST_KMH, HILL_KMH, MOUNTAIN_KMH = 60, 40, 25


def make_roads(district: District) -> Floats:
    """Add crossings and links; return the shortest road in km between any two villages."""
    villages = district.villages
    points = np.array([[v.x, v.y] for v in villages])
    for village in villages:
        lon, lat = lonlat(village.x, village.y)
        village.node_id = district.add(
            "registry", "RoadNode", division_id=village.code, lon=lon, lat=lat
        )
    edges = sorted(
        {
            (min(a, b), max(a, b))
            for triangle in Delaunay(points).simplices.tolist()
            for a, b in zip(triangle, triangle[1:] + triangle[:1], strict=True)
        }
    )
    rows, columns = np.array(edges).T
    length = np.hypot(*(points[rows] - points[columns]).T) * WINDING
    size = (len(villages), len(villages))
    tree = minimum_spanning_tree(csr_matrix((length, (rows, columns)), shape=size)).toarray()
    kept = (tree[rows, columns] > 0) | (length < SHORTCUT * np.median(length))
    for a, b, km in zip(rows[kept], columns[kept], length[kept], strict=True):
        high = (villages[a].elevation + villages[b].elevation) / 2
        speed = FAST_KMH if high < 560 else HILL_KMH if high < 800 else MOUNTAIN_KMH
        district.add(
            "registry",
            "RoadLink",
            start_id=villages[a].node_id,
            end_id=villages[b].node_id,
            length_km=round(float(km), 3),
            speed_kmh=speed,
        )
    graph = csr_matrix((length[kept], (rows[kept], columns[kept])), shape=size)
    return np.asarray(dijkstra(graph, directed=False), dtype=np.float64)
