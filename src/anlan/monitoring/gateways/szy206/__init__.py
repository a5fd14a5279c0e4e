"""Speak SZY 206-2016 (and SZY 206-2012), the protocol of water-resource stations.

The text of the standard is not at hand. What is spoken here is what at least two independent
sources agree on; the rest is refused by name (`errors.NotSpoken`). The sources, by repository:

* for SZY 206: hm1212/szy206-protocol, zhujinghuic/zjh-thingsboard, bambooww/iot-tree, HGXS5/wlw,
  LucianQu/RtuAssistant_1.0, Flyctt123/XSJ-1800R-V, huaxbo/door; tables of the standard quoted in
  a public Java project (com.baosight.iwater), a terminal in C (JXJS) and a station's
  configuration in Python (WaterResourceSettingInfo);
* for its successor SL/T 427-2021, whose frame and value layouts are the same but for the long
  time label, the flow's unit and three kinds: the text in ThingsPanel/go-sl427, wainshine/SL651
  and the frames of a FastBee gateway.

Agreed by all that have it: the frame 68 L 68 C A AFN .. CS 16, L from C to the end of the data, CS
as CRC-8 with x^7+x^6+x^5+x^2+1 (E5) from 0 over the same bytes (ronje/rhilex alone has E1, and no
recorded frame fits it), the bits of C, the kinds 1 to 15, the address, AFN 02 with F0, F1, F2, AFN
C0 with alarm and state words before the time label, low byte first throughout.

Agreed by two or more: the layouts in `elements.py`; a time label of 5 bytes in SZY 206 (six
sources) and of 7 in SL/T 427 (three); AFN 81 with the alarm word first and flows without volumes
(the Python configuration, wainshine); AA in every byte for "not measured" (the quoted tables,
hm1212, wainshine); the confirmation with the station's work mode as its one byte of data and no
label (hm1212, RtuAssistant, JXJS, the Python configuration); the link confirmation that repeats
F0, F1 or F2 (the Python configuration, XSJ). A volume has ten digits with a sign in its highest
bit (the quoted tables, hm1212).

From the text of SL/T 427 alone, and only for frames with its label: nine digits of a volume, and a
label in the confirmation, by which the station sets its clock.

Not agreed: the bits and decimals of water quality (zjh against wainshine), the second start byte
as a longer length (one source), levels with two decimals (RtuAssistant alone, against five), the
unit of a flow in SZY 206 (m3/s or m3/h, as both ends arrange). Not spoken here though described:
split frames, pictures, manual entries and answers to commands.
"""
